import { type Attribute, type ResourceMetrics, Temporality } from '../../otlp/model.ts'
import type { ForwardStats, ReceivedCounts } from '../../wire/status.ts'

/**
 * How the collector itself fares, under the names that the OpenTelemetry Collector has for it,
 * so that one alert fits both. Counts of requests are our own: the Collector counts items there.
 */
export function readSelfMetrics(
  { received, rejected }: ReceivedCounts,
  duplicateSpans: number,
  forward: ForwardStats | undefined,
  startNanos: bigint,
  timeNanos: bigint,
): ResourceMetrics {
  const counter = (name: string, values: readonly (readonly [Attribute, number])[]) => ({
    name,
    description: '',
    unit: '',
    metadata: [],
    data: {
      type: 'sum' as const,
      temporality: Temporality.cumulative,
      isMonotonic: true,
      points: values.map(([attribute, value]) => ({
        attributes: [attribute],
        startNanos,
        timeNanos,
        flags: 0,
        value: BigInt(value),
        exemplars: [],
      })),
    },
  })
  const otlp = { key: 'receiver', value: 'otlp' }
  const refused = Object.entries(rejected.requests)
  const metrics = [
    counter('otelcol.receiver.accepted_spans', [[otlp, received.spans]]),
    counter('otelcol.receiver.refused_spans', [[otlp, rejected.spans]]),
    counter('otelcol.receiver.accepted_log_records', [[otlp, received.logRecords]]),
    counter('otelcol.receiver.accepted_metric_points', [[otlp, received.dataPoints]]),
    // Stored and counted once, where the OpenTelemetry Collector counts each time.
    counter('collector.duplicate_spans', [[otlp, duplicateSpans]]),
    counter(
      'collector.refused_requests',
      refused.map(([status, count]) => [
        { key: 'http.response.status_code', value: status },
        count,
      ]),
    ),
  ]
  if (forward !== undefined) {
    const outcomes = ['delivered', 'refused', 'dropped'] as const
    metrics.push(
      counter(
        'collector.forwarded_requests',
        outcomes.map((outcome) => [{ key: 'outcome', value: outcome }, forward[outcome]]),
      ),
    )
  }
  return {
    resource: { attributes: [], droppedAttributesCount: 0 },
    schemaUrl: '',
    scopes: [
      {
        scope: { name: 'collector', version: '', attributes: [], droppedAttributesCount: 0 },
        schemaUrl: '',
        // Prometheus refuses a metric without points.
        items: metrics.filter(({ data }) => data.points.length > 0),
      },
    ],
  }
}
