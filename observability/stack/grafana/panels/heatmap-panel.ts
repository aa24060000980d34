import { HeatmapCellLayout, TooltipDisplayMode } from '@grafana/grafana-foundation-sdk/common'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import {
  CellValuesBuilder,
  HeatmapColorOptionsBuilder,
  HeatmapTooltipBuilder,
  PanelBuilder,
  RowsHeatmapOptionsBuilder,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap'
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus'
import { prometheus } from '../data-sources.ts'
import { describePanel, type PanelText } from './panel-text.ts'
import { refIdOf } from './ref-id.ts'

type HeatmapPanel = Omit<PanelText, 'unit'> & {
  /** Rates of the buckets of a histogram, with the label `le`. */
  readonly buckets: string
  /** The variable with a panel for each of its values. */
  readonly repeat: string
}

/** How often requests took how long, over time, with points that lead to traces. */
export function heatmapPanel({ buckets, repeat, ...text }: HeatmapPanel): Panel {
  return describePanel(new PanelBuilder(), { ...text, unit: 's' })
    .datasource(prometheus)
    .withTarget(
      new DataqueryBuilder()
        .refId(refIdOf(0))
        .datasource(prometheus)
        .expr(buckets)
        .range()
        .exemplar(true)
        .format(PromQueryFormat.Heatmap)
        .legendFormat('{{le}}'),
    )
    .repeat(repeat)
    .repeatDirection('h')
    .maxPerRow(3)
    .rowsFrame(new RowsHeatmapOptionsBuilder().layout(HeatmapCellLayout.Le))
    .yAxis(new YAxisConfigBuilder().unit('s'))
    .cellValues(new CellValuesBuilder().unit('reqps'))
    .color(new HeatmapColorOptionsBuilder().scheme('Blues').reverse(true).steps(32))
    .tooltip(new HeatmapTooltipBuilder().mode(TooltipDisplayMode.Single).yHistogram(true))
    .build()
}
