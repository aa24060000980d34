import type { Metric } from '../../../otlp/model.ts'
import { createCallsMetric, createDurationMetric, listSeries, type View } from '../metric-points.ts'
import type { Dimension, SpanMetricsConfig } from '../span-metrics-config.ts'
import {
  createTablePlan,
  type SeriesTable,
  type TableOptions,
  type TablePlan,
} from './series-table.ts'

/**
 * The tables that a configuration needs: one for both metrics where they have the same dimensions,
 * so that a span is looked up once, else one each.
 */
export function createTablePlans(
  config: SpanMetricsConfig,
  instanceId: string,
): readonly TablePlan[] {
  const createPlan = (shows: TableOptions['shows'], extra: readonly Dimension[]) =>
    createTablePlan({
      shows,
      dimensions: mergeDimensions(config.dimensions, extra),
      excludeDimensions: config.excludeDimensions,
      bounds: config.histogram?.bounds ?? [],
      exemplarsMax: config.exemplarsMax,
      instanceId,
    })
  const { callsDimensions, histogramDimensions } = config
  if (config.histogram === null)
    return [createPlan({ calls: true, duration: false }, callsDimensions)]
  if (callsDimensions.length === 0 && histogramDimensions.length === 0) {
    return [createPlan({ calls: true, duration: true }, [])]
  }
  return [
    createPlan({ calls: true, duration: false }, callsDimensions),
    createPlan({ calls: false, duration: true }, histogramDimensions),
  ]
}

/** The metrics of one resource, in the connector's order; those without a point are left out. */
export function listMetrics(
  config: SpanMetricsConfig,
  tables: readonly SeriesTable[],
  view: View,
): readonly Metric[] {
  const prefix = config.namespace === '' ? '' : `${config.namespace}.`
  const metrics: Metric[] = []
  for (const table of tables) {
    if (listSeries(table).length === 0) continue
    if (table.plan.shows.calls) metrics.push(createCallsMetric(`${prefix}calls`, table, view))
    if (table.plan.shows.duration && config.histogram !== null) {
      const { unit } = config.histogram
      metrics.push(createDurationMetric(`${prefix}duration`, unit, table, view))
    }
  }
  return metrics
}

/** A name in both lists is one dimension; where they disagree on the default, the later one holds. */
function mergeDimensions(
  dimensions: readonly Dimension[],
  extra: readonly Dimension[],
): readonly Dimension[] {
  const merged = new Map(dimensions.map((dimension) => [dimension.name, dimension]))
  for (const dimension of extra) {
    const first = merged.get(dimension.name)
    merged.set(dimension.name, {
      name: dimension.name,
      default: dimension.default ?? first?.default ?? null,
    })
  }
  return [...merged.values()]
}
