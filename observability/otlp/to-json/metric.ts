import type { Metric, MetricData } from '../model.ts'
import { renderAttributes } from './any-value.ts'
import { type JsonValue, optionalList, optionalNumber, optionalText } from './json-value.ts'
import {
  renderExponentialPoint,
  renderHistogramPoint,
  renderNumberPoint,
  renderSummaryPoint,
} from './metric-points.ts'

/** An element of `metrics`; the inverse of `parseMetric`. */
export function renderMetric(metric: Metric): JsonValue {
  return {
    name: optionalText(metric.name),
    description: optionalText(metric.description),
    unit: optionalText(metric.unit),
    ...renderData(metric.data),
    metadata: renderAttributes(metric.metadata),
  }
}

/** The field for the kind of data, which is there even when it holds nothing: it says the kind. */
function renderData(data: MetricData): { readonly [name: string]: JsonValue } {
  switch (data.type) {
    case 'none':
      return {}
    case 'gauge':
      return { gauge: { dataPoints: optionalList(data.points, renderNumberPoint) } }
    case 'sum':
      return {
        sum: {
          dataPoints: optionalList(data.points, renderNumberPoint),
          aggregationTemporality: optionalNumber(data.temporality),
          isMonotonic: data.isMonotonic || undefined,
        },
      }
    case 'histogram':
      return {
        histogram: {
          dataPoints: optionalList(data.points, renderHistogramPoint),
          aggregationTemporality: optionalNumber(data.temporality),
        },
      }
    case 'exponentialHistogram':
      return {
        exponentialHistogram: {
          dataPoints: optionalList(data.points, renderExponentialPoint),
          aggregationTemporality: optionalNumber(data.temporality),
        },
      }
    case 'summary':
      return { summary: { dataPoints: optionalList(data.points, renderSummaryPoint) } }
  }
}
