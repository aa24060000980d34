import {
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import {
  FieldColorBuilder,
  FieldColorModeId,
  type Panel,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries'
import { prometheus } from '../data-sources.ts'
import { describePanel, type PanelText } from './panel-text.ts'
import { refIdOf } from './ref-id.ts'

type TimeSeriesPanel = PanelText & {
  readonly lines: readonly Line[]
  /** Areas on top of each other, where the sum means something. */
  readonly stacked?: boolean
  /** Colours of series whose names match, so that the same meaning has the same colour everywhere. */
  readonly colors?: readonly NamedColor[]
}

type Line = {
  readonly expr: string
  /** With labels in double braces. */
  readonly legend: string
  /** Whether exemplars are drawn; set it on one line of a panel, since all lines have the same. */
  readonly exemplars?: boolean
}

/** A colour for the series whose name matches the regular expression. */
export type NamedColor = { readonly pattern: string; readonly color: string }

/** Lines over time, from Prometheus. A colour belongs to a name, so a runtime keeps its own on every panel. */
export function timeSeriesPanel({
  lines,
  stacked = false,
  colors = [],
  ...text
}: TimeSeriesPanel): Panel {
  const builder = describePanel(new PanelBuilder(), text)
    .datasource(prometheus)
    .targets(lines.map(toQuery))
    .min(0)
    .lineWidth(1)
    .fillOpacity(stacked ? 40 : 8)
    .stacking(
      new StackingConfigBuilder()
        .mode(stacked ? StackingMode.Normal : StackingMode.None)
        .group('A'),
    )
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassicByName))
    .tooltip(
      new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending),
    )
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Bottom)
        .calcs(['lastNotNull', 'max']),
    )
  for (const { pattern, color } of colors) {
    builder.overrideByRegexp(pattern, [
      { id: 'color', value: { mode: FieldColorModeId.Fixed, fixedColor: color } },
    ])
  }
  return builder.build()
}

function toQuery({ expr, legend, exemplars = false }: Line, index: number): DataqueryBuilder {
  return new DataqueryBuilder()
    .refId(refIdOf(index))
    .datasource(prometheus)
    .expr(expr)
    .range()
    .exemplar(exemplars)
    .legendFormat(legend)
}
