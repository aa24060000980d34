import {
  GraphDrawStyle,
  LogsSortOrder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import { FieldColorModeId, type Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import { PanelBuilder as LogsPanelBuilder } from '@grafana/grafana-foundation-sdk/logs'
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/loki'
import { PanelBuilder as TimeSeriesPanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries'
import { loki } from '../data-sources.ts'
import { describePanel, type PanelText } from './panel-text.ts'
import { refIdOf } from './ref-id.ts'

type LogPanel = PanelText & { readonly expr: string }

const recordsMax = 500

/** Log records, the newest first. Each leads to its trace, by the derived field of the data source. */
export function logsPanel({ expr, ...text }: LogPanel): Panel {
  return describePanel(new LogsPanelBuilder(), text)
    .datasource(loki)
    .withTarget(
      new DataqueryBuilder()
        .refId(refIdOf(0))
        .datasource(loki)
        .expr(expr)
        .queryType('range')
        .maxLines(recordsMax),
    )
    .showTime(true)
    .wrapLogMessage(true)
    .enableLogDetails(true)
    .showLogContextToggle(true)
    .sortOrder(LogsSortOrder.Descending)
    .build()
}

const levelColors = { 'error|fatal': 'red', warn: 'orange', info: 'green', 'debug|trace': 'blue' }

/** How many log records of each level came when. */
export function logLevelsPanel({ expr, ...text }: LogPanel): Panel {
  const builder = describePanel(new TimeSeriesPanelBuilder(), text)
    .datasource(loki)
    .withTarget(
      new DataqueryBuilder()
        .refId(refIdOf(0))
        .datasource(loki)
        .expr(expr)
        .queryType('range')
        .legendFormat('{{detected_level}}'),
    )
    .min(0)
    .drawStyle(GraphDrawStyle.Bars)
    .fillOpacity(60)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'))
    .tooltip(
      new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending),
    )
  for (const [levels, color] of Object.entries(levelColors)) {
    builder.overrideByRegexp(`^(${levels})$`, [
      { id: 'color', value: { mode: FieldColorModeId.Fixed, fixedColor: color } },
    ])
  }
  return builder.build()
}
