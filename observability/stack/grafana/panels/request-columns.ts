import {
  callCount,
  callRate,
  type Grouping,
  latencyQuantile,
  statusShare,
} from '../queries/measures.ts'
import { requests } from '../queries/spans.ts'
import type { Column } from './table-panel.ts'
import { failures } from './thresholds.ts'

/** A table's columns about the requests of each group: number, rate, failures, durations. */
export function requestColumns(grouping: Grouping): readonly Column[] {
  const quantile = (share: number) => latencyQuantile(share, requests, grouping)
  return [
    { title: 'Requests', expr: callCount(requests, grouping), unit: 'short', decimals: 0 },
    { title: 'Rate', expr: callRate(requests, grouping), unit: 'reqps' },
    {
      title: '5xx',
      expr: statusShare(requests, '5..', grouping),
      unit: 'percentunit',
      thresholds: failures,
    },
    { title: '4xx', expr: statusShare(requests, '4..', grouping), unit: 'percentunit' },
    { title: 'p50', expr: quantile(0.5), unit: 's' },
    { title: 'p95', expr: quantile(0.95), unit: 's' },
    { title: 'p99', expr: quantile(0.99), unit: 's' },
  ]
}
