import { type Label, label } from '../queries/spans.ts'
import { variable } from './variable.ts'

/** The link of a point or a cell. */
export type DataLink = { readonly title: string; readonly url: string }

/**
 * The spans or records that a link is about, as text in which Grafana replaces variables. An absent field takes the
 * dashboard's variable.
 */
export type Source = { readonly runtime?: string; readonly name?: string }

/** A variable of a dashboard, within a link. Several values become `a|b`, and All `.*`. */
export const chosen = {
  service: variable('service:percentencode'),
  runtime: variable('runtime:pipe'),
  route: variable('route:pipe'),
} as const

/** The value of a label of the series that was clicked on. */
export function seriesLabel(name: Label): string {
  return variable(`__field.labels.${name}:percentencode`)
}

/** The value in a column of the row that was clicked on; a column is named for its label. */
export function rowCell(name: Label): string {
  return variable(`__data.fields.${name}:percentencode`)
}

/** The series that was clicked on. */
export const seriesRuntime: Source = { runtime: seriesLabel(label.runtime) }
/** The span name of the series that was clicked on. */
export const seriesName: Source = { name: seriesLabel(label.name) }

/** The row that was clicked on. */
export const rowName: Source = { name: rowCell(label.name) }
/** The runtime and the span name of the row that was clicked on. */
export const rowPair: Source = { runtime: rowCell(label.runtime), name: rowCell(label.name) }

/** The clicked cell in a table with routes in its first column and one column a runtime. */
export const matrixRow: Source = { name: variable('__data.fields[0]:percentencode') }
/** The route of the clicked cell's row and the runtime of its column. */
export const matrixCell: Source = {
  ...matrixRow,
  runtime: variable('__field.name:percentencode'),
}
