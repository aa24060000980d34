import { TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common'
import {
  type DynamicConfigValue,
  type Panel,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table'
import { prometheus } from '../data-sources.ts'
import type { Label } from '../queries/spans.ts'
import { describePanel, type PanelText } from './panel-text.ts'
import { refIdOf } from './ref-id.ts'
import { plain, type Threshold } from './thresholds.ts'

type TablePanel = Omit<PanelText, 'unit'> & {
  /** Columns that say which row it is; every query groups by them. */
  readonly keys: readonly { readonly label: Label; readonly title: string }[]
  /** Columns of numbers, one query each. Rows are sorted by the first column, the largest on top. */
  readonly columns: readonly Column[]
  readonly rowsMax: number
}

/** One query, shown as a column of the table. */
export type Column = {
  readonly title: string
  readonly expr: string
  readonly unit: string
  readonly decimals?: number
  readonly thresholds?: readonly Threshold[]
}

/** One row per group and one number per column, over all of the time that the dashboard shows, from Prometheus. */
export function tablePanel({ keys, columns, rowsMax, ...text }: TablePanel): Panel {
  const [first] = columns
  const builder = describePanel(new PanelBuilder(), { ...text, unit: first?.unit ?? 'none' })
    .datasource(prometheus)
    .targets(columns.map(toQuery))
    .filterable(true)
    .thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([...plain]))
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({ id: 'sortBy', options: { sort: [{ field: valuesOf(0), desc: true }] } })
    .withTransformation({ id: 'limit', options: { limitField: rowsMax } })
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: { Time: true },
        indexByName: Object.fromEntries(
          [...keys.map(({ label }) => label), ...columns.map((_, index) => valuesOf(index))].map(
            (name, index) => [name, index],
          ),
        ),
      },
    })
    .sortBy(
      first === undefined
        ? []
        : [new TableSortByFieldStateBuilder().displayName(first.title).desc(true)],
    )
  // By override, since a column that a transformation renames is not found by links any more.
  for (const { label, title } of keys) builder.overrideByName(label, [displayName(title)])
  columns.forEach((column, index) => {
    builder.overrideByName(valuesOf(index), propertiesOf(column))
  })
  return builder.build()
}

function toQuery({ expr }: Column, index: number): DataqueryBuilder {
  return new DataqueryBuilder()
    .refId(refIdOf(index))
    .datasource(prometheus)
    .expr(expr)
    .instant()
    .format(PromQueryFormat.Table)
}

/** The column of a query's values, where there is more than one query. */
function valuesOf(index: number): string {
  return `Value #${refIdOf(index)}`
}

function propertiesOf({ title, unit, decimals, thresholds }: Column): DynamicConfigValue[] {
  return [
    displayName(title),
    { id: 'unit', value: unit },
    ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
    ...(thresholds === undefined
      ? []
      : [
          { id: 'thresholds', value: { mode: ThresholdsMode.Absolute, steps: thresholds } },
          { id: 'custom.cellOptions', value: { type: 'color-text' } },
        ]),
  ]
}

function displayName(value: string): DynamicConfigValue {
  return { id: 'displayName', value }
}
