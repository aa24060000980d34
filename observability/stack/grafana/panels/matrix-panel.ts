import {
  type DataTransformerConfig,
  FieldColorBuilder,
  FieldColorModeId,
  type Panel,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table'
import { prometheus } from '../data-sources.ts'
import { dashboardLink } from '../links/dashboard-link.ts'
import type { DataLink } from '../links/data-link.ts'
import type { Label } from '../queries/spans.ts'
import { describePanel, type PanelText } from './panel-text.ts'
import { refIdOf } from './ref-id.ts'

type MatrixPanel = PanelText & {
  /** One number for each value of both labels. */
  readonly expr: string
  /** Its links are those of the first column, which stands for a whole row. */
  readonly row: {
    readonly label: Label
    readonly title: string
    readonly links: readonly DataLink[]
  }
  readonly column: { readonly label: Label }
}

/** A number for each pair of two labels: one along the rows, one along the columns. Darker is more. */
export function matrixPanel({ expr, row, column, ...text }: MatrixPanel): Panel {
  // As the transformation names the first column.
  const rowField = `${row.label}\\${column.label}`
  return (
    describePanel(new PanelBuilder(), text)
      .datasource(prometheus)
      .withTarget(
        new DataqueryBuilder()
          .refId(refIdOf(0))
          .datasource(prometheus)
          .expr(expr)
          .instant()
          .format(PromQueryFormat.Table),
      )
      // Prometheus answers in any order, and columns and rows come as they are met.
      .withTransformation(sortBy(column.label))
      .withTransformation({
        id: 'groupingToMatrix',
        options: {
          rowField: row.label,
          columnField: column.label,
          valueField: 'Value',
          emptyValue: 'null',
        },
      })
      .withTransformation(sortBy(rowField))
      .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.ContinuousBlues))
      .overrideByFieldType('number', [
        { id: 'custom.cellOptions', value: { type: 'color-background', mode: 'basic' } },
      ])
      .overrideByName(rowField, [
        { id: 'displayName', value: row.title },
        { id: 'links', value: row.links.map((link) => dashboardLink(link)) },
      ])
      .build()
  )
}

function sortBy(field: string): DataTransformerConfig {
  return { id: 'sortBy', options: { sort: [{ field, desc: false }] } }
}
