import { BigValueGraphMode, ReduceDataOptionsBuilder } from '@grafana/grafana-foundation-sdk/common'
import {
  type Panel,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat'
import { prometheus } from '../data-sources.ts'
import { describePanel, type PanelText } from './panel-text.ts'
import { refIdOf } from './ref-id.ts'
import type { Threshold } from './thresholds.ts'

type StatPanel = PanelText & {
  readonly expr: string
  readonly thresholds: readonly Threshold[]
}

/** One number for all of the time that the dashboard shows, from Prometheus. */
export function statPanel({ expr, thresholds, ...text }: StatPanel): Panel {
  return describePanel(new PanelBuilder(), text)
    .datasource(prometheus)
    .withTarget(
      new DataqueryBuilder().refId(refIdOf(0)).datasource(prometheus).expr(expr).instant(),
    )
    .graphMode(BigValueGraphMode.None)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([...thresholds]))
    .build()
}
