import type { Exemplar, HistogramPoint, Metric, NumberPoint } from '../../otlp/model.ts'
import { Temporality } from '../../otlp/model.ts'
import type { Series, SpanExemplar } from './series/series.ts'
import type { SeriesTable } from './series/series-table.ts'

/** How the state is shown: as the connector exports it, or as it truly is at this moment. */
export type View = {
  readonly timeNanos: bigint
  /** The connector describes nothing; a page that people read should. */
  readonly descriptions: { readonly calls: string; readonly duration: string }
  readonly countCalls: (series: Series) => number
  readonly exemplars: (series: Series) => readonly Exemplar[]
}

/** A cumulative monotonic sum with one point per series: how many spans it counted. */
export function createCallsMetric(name: string, table: SeriesTable, view: View): Metric {
  const toPoint = (series: Series): NumberPoint => ({
    ...createPoint(series, view),
    value: BigInt(view.countCalls(series)),
  })
  return {
    ...createMetric(name, '', view.descriptions.calls),
    data: {
      type: 'sum',
      points: listSeries(table).map(toPoint),
      temporality: Temporality.cumulative,
      isMonotonic: true,
    },
  }
}

/**
 * A cumulative histogram with one point per series.
 *
 * @param unit Of the bounds and the sum, such as `s`.
 */
export function createDurationMetric(
  name: string,
  unit: string,
  table: SeriesTable,
  view: View,
): Metric {
  const bounds = [...table.plan.bounds]
  const toPoint = (series: Series): HistogramPoint => ({
    ...createPoint(series, view),
    count: BigInt(series.count),
    sum: series.sum,
    // The connector sends neither; a cumulative minimum would say little anyway.
    min: null,
    max: null,
    bucketCounts: Array.from(series.buckets ?? [], BigInt),
    bounds,
  })
  return {
    ...createMetric(name, unit, view.descriptions.duration),
    data: {
      type: 'histogram',
      points: listSeries(table).map(toPoint),
      temporality: Temporality.cumulative,
    },
  }
}

/** @param timeNanos When the exemplar was taken, in nanoseconds since the Unix epoch. */
export function toExemplar(exemplar: SpanExemplar, timeNanos: bigint): Exemplar {
  const { traceId, spanId, value } = exemplar
  return { filteredAttributes: [], timeNanos, value, traceId, spanId }
}

/** All series of the table, with the overflow series last if there is one. */
export function listSeries(table: SeriesTable): readonly Series[] {
  return table.overflow === undefined ? table.series : [...table.series, table.overflow]
}

function createMetric(name: string, unit: string, description: string) {
  return { name, unit, description, metadata: [] }
}

function createPoint(series: Series, view: View) {
  return {
    attributes: series.attributes,
    startNanos: series.startNanos,
    timeNanos: view.timeNanos,
    flags: 0,
    exemplars: view.exemplars(series),
  }
}
