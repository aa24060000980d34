import {
  FieldColorBuilder,
  FieldColorModeId,
  type Panel,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table'
import { prometheus } from '../data-sources.ts'
import type { Label } from '../queries/spans.ts'
import { describePanel, type PanelText } from './panel-text.ts'
import { refIdOf } from './ref-id.ts'

export type MatrixPanel = PanelText & {
  /** One number for each value of both labels. */
  readonly expr: string
  readonly row: { readonly label: Label; readonly title: string }
  readonly column: { readonly label: Label }
}

/** A number for each pair of two labels: one along the rows, one along the columns. Darker is more. */
export function matrixPanel({ expr, row, column, ...text }: MatrixPanel): Panel {
  return describePanel(new PanelBuilder(), text)
    .datasource(prometheus)
    .withTarget(
      new DataqueryBuilder()
        .refId(refIdOf(0))
        .datasource(prometheus)
        .expr(expr)
        .instant()
        .format(PromQueryFormat.Table),
    )
    .withTransformation({
      id: 'groupingToMatrix',
      options: {
        rowField: row.label,
        columnField: column.label,
        valueField: 'Value',
        emptyValue: 'null',
      },
    })
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.ContinuousBlues))
    .overrideByFieldType('number', [
      { id: 'custom.cellOptions', value: { type: 'color-background', mode: 'basic' } },
    ])
    .overrideByName(`${row.label}\\${column.label}`, [{ id: 'displayName', value: row.title }])
    .build()
}
