import { Temporality } from '../../../otlp/model.ts'
import { renderAttributes } from '../../../otlp/to-json/any-value.ts'
import type { MetricLine, MetricList } from '../../../wire/metrics.ts'
import type { LastMetric, LastMetrics, LastPoint } from '../../store/last-metrics.ts'
import { renderTime } from '../time.ts'

/** The metrics that services send, sorted by service, scope and name. */
export function listMetrics(metrics: LastMetrics): MetricList {
  const keyed = metrics.list().map((metric) => {
    const line = renderMetric(metric)
    return { line, key: JSON.stringify([line.service, line.scope, line.name]) }
  })
  keyed.sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)))
  return {
    metrics: keyed.map(({ line }) => line),
    evictedPoints: metrics.evicted,
  }
}

function renderMetric({ source, metric, data, firstMillis, points }: LastMetric): MetricLine {
  return {
    service: source.service || null,
    runtime: source.runtime || null,
    scope: source.scope.name,
    ...metric,
    type: data.type,
    temporality: 'temporality' in data ? renderTemporality(data.temporality) : null,
    firstSeen: renderTime(toNanos(firstMillis)),
    points: points.map(renderPoint),
  }
}

function renderTemporality(temporality: number): 'delta' | 'cumulative' | 'unspecified' {
  if (temporality === Temporality.delta) return 'delta'
  return temporality === Temporality.cumulative ? 'cumulative' : 'unspecified'
}

function renderPoint(point: LastPoint): MetricLine['points'][number] {
  const value = 'count' in point ? point.sum : point.value
  return {
    attributes: renderAttributes(point.attributes) ?? [],
    value: value === null ? null : String(value),
    count: 'count' in point ? String(point.count) : null,
    startTime: point.startNanos === 0n ? null : renderTime(point.startNanos),
    time: renderTime(point.timeNanos || toNanos(point.arrivedMillis)),
  }
}

function toNanos(millis: number): bigint {
  return BigInt(millis) * 1_000_000n
}
