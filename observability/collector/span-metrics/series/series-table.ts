import type { Attribute, Span } from '../../../otlp/model.ts'
import { copyValue } from '../dimensions/copy-attributes.ts'
import {
  collectorInstanceId,
  createDefaultDimensionWriter,
  defaultDimensions,
} from '../dimensions/default-dimensions.ts'
import { createDimensionReader } from '../dimensions/dimension-reader.ts'
import type { Dimension } from '../span-metrics-config.ts'
import { countChars, createSeries, findBucket, type Series } from './series.ts'
import { createSeriesIndex, keyPart, type RawPart, type SeriesIndex } from './series-index.ts'

/** The only attribute of the series that counts what found no place; a boolean, not a text. */
const overflowAttributes: readonly Attribute[] = [{ key: 'otel.metric.overflow', value: true }]

/** The series of one metric, or of both where they have the same dimensions, of one resource. */
export type SeriesTable = {
  readonly plan: TablePlan
  index: SeriesIndex
  series: Series[]
  overflow: Series | undefined
}

/** What the tables of all resources have in common. */
export type TablePlan = {
  /** Which metrics its series are shown as. */
  readonly shows: { readonly calls: boolean; readonly duration: boolean }
  readonly bounds: Float64Array
  /** Notes the resource of the spans that are recorded next. */
  readResource(attributes: readonly Attribute[]): void
  /**
   * Counts one span. Allocates nothing when its series is known and has its exemplars.
   *
   * @param duration in the unit of the histogram.
   */
  record(
    table: SeriesTable,
    service: string,
    span: Span,
    duration: number,
    nowNanos: bigint,
    room: Room,
  ): void
}

/** The bounds on what is held, asked before a series is added. */
export type Room = {
  hasSeries(table: SeriesTable): boolean
  /** Takes room for a series of that many characters, or says that there is none. */
  take(chars: number): boolean
}

/** How a table makes series of spans: the dimensions, the histogram's bounds, and how many exemplars a series keeps. */
export type TableOptions = {
  readonly shows: { readonly calls: boolean; readonly duration: boolean }
  readonly dimensions: readonly Dimension[]
  readonly excludeDimensions: readonly string[]
  readonly bounds: readonly number[]
  readonly exemplarsMax: number
  readonly instanceId: string
}

/** An empty table of one resource. */
export function createTable(plan: TablePlan): SeriesTable {
  return { plan, index: createSeriesIndex(), series: [], overflow: undefined }
}

/** Drops the series that `keep` refuses. */
export function filterTable(table: SeriesTable, keep: (series: Series) => boolean): void {
  const kept = table.series.filter(keep)
  if (kept.length < table.series.length) {
    table.series = kept
    // Rare and small next to counting, so the tree is grown anew rather than pruned.
    table.index = createSeriesIndex()
    for (const series of kept) table.index.add(series)
  }
  if (table.overflow !== undefined && !keep(table.overflow)) table.overflow = undefined
}

/**
 * Prepares once what every table needs. It keeps the current resource and span in place, so one plan counts one span at
 * a time.
 */
export function createTablePlan(options: TableOptions): TablePlan {
  const { dimensions, exemplarsMax } = options
  const writeDefaults = createDefaultDimensionWriter(options.excludeDimensions)
  const reader = createDimensionReader(dimensions)
  const bounds = Float64Array.from(options.bounds)
  const bucketCount = options.shows.duration ? bounds.length + 1 : 0
  const withInstanceId = !options.excludeDimensions.includes(collectorInstanceId)
  /** The key of the span at hand; one list, written over for every span. */
  const parts: RawPart[] = new Array(defaultDimensions.length + dimensions.length).fill(undefined)

  function buildAttributes(): readonly Attribute[] {
    const attributes: Attribute[] = []
    const append = (key: string, value: RawPart) => {
      if (value !== undefined) attributes.push({ key, value: copyValue(value) })
    }
    defaultDimensions.forEach((name, index) => {
      append(name, parts[index])
    })
    if (withInstanceId) append(collectorInstanceId, options.instanceId)
    dimensions.forEach(({ name }, index) => {
      append(name, parts[defaultDimensions.length + index])
    })
    return attributes
  }

  function addSeries(table: SeriesTable, nowNanos: bigint, room: Room): Series {
    // Asked in this order, so that a flood of new keys costs no more than looking them up.
    if (room.hasSeries(table)) {
      const attributes = buildAttributes()
      if (room.take(countChars(attributes))) {
        const series = createSeries(parts.map(keyPart), attributes, bucketCount, nowNanos)
        table.index.add(series)
        table.series.push(series)
        return series
      }
    }
    // As in the connector, the time at which overflow was last seen stays that of its creation.
    table.overflow ??= createSeries([], overflowAttributes, bucketCount, nowNanos)
    return table.overflow
  }

  return {
    shows: options.shows,
    bounds,
    readResource: reader.readResource,
    record(table, service, span, duration, nowNanos, room) {
      writeDefaults(service, span, parts)
      reader.readSpan(span.attributes, span.kind, parts, defaultDimensions.length)
      const series = table.index.find(parts) ?? addSeries(table, nowNanos, room)
      series.count++
      if (series.buckets !== undefined) {
        series.sum += duration
        const bucket = findBucket(bounds, duration)
        series.buckets[bucket] = (series.buckets[bucket] ?? 0) + 1
      }
      if (series === table.overflow) return
      series.lastSeenNanos = nowNanos
      if (series.exemplars.length < exemplarsMax && hasTrace(span.traceId)) {
        const { traceId, spanId } = span
        series.exemplars.push({ traceId, spanId, value: duration, seenNanos: nowNanos })
      }
    },
  }
}

function hasTrace(traceId: string): boolean {
  return traceId !== '' && !/^0+$/.test(traceId)
}
