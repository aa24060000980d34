import type {
  CountedPoint,
  ReceivedMetric,
  ReceivedNumberPoint,
  ResourceGroup,
} from '../../otlp/model.ts'
import { createSourcePool, renderAttributes, type Source, visitItems } from './source-pool.ts'

/** The last values of the metrics that services send. Past a bound the point that was quiet for longest goes. */
export type LastMetrics = {
  add(groups: readonly ResourceGroup<ReceivedMetric>[]): void
  list(): readonly LastMetric[]
  /** Points that were let go, since the start. */
  readonly evicted: number
}

export type LastMetric = {
  readonly source: Source
  readonly metric: Pick<ReceivedMetric, 'name' | 'description' | 'unit'>
  readonly data: Exclude<ReceivedMetric['data'], { readonly type: 'none' }>
  readonly firstMillis: number
  readonly points: readonly LastPoint[]
}

/** With the time of its arrival. */
export type LastPoint = (ReceivedNumberPoint | CountedPoint) & { readonly arrivedMillis: number }

export type MetricBounds = {
  /** Sets of attributes over all metrics. */
  readonly metricPointsMax: number
  /** Estimated, of their attributes and names. */
  readonly metricBytesMax: number
}

type Entry = {
  readonly key: string
  readonly source: Source
  metric: LastMetric['metric']
  data: LastMetric['data']
  readonly firstMillis: number
  /** By their attributes. */
  readonly points: Map<string, LastPoint>
}

export function createLastMetrics(bounds: MetricBounds, nowMillis: () => number): LastMetrics {
  const pool = createSourcePool(nowMillis)
  const metrics = new Map<string, Entry>()
  /** In the order of their last arrival, each with its metric. */
  const order = new Map<string, { readonly entry: Entry; readonly own: string }>()
  let bytes = 0
  let evicted = 0

  const find = (
    source: Source,
    { name, description, unit }: ReceivedMetric,
    data: LastMetric['data'],
  ): Entry => {
    const metric = { name, description, unit }
    const key = `${source.id} ${data.type} ${name}`
    const known = metrics.get(key)
    if (known !== undefined) {
      known.metric = metric
      known.data = data
      return known
    }
    const entry = { key, source, metric, data, firstMillis: nowMillis(), points: new Map() }
    metrics.set(key, entry)
    pool.hold(source)
    return entry
  }

  const costOf = ({ key }: Entry, own: string) => 2 * (key.length + own.length) + pointBytes

  const addPoint = (entry: Entry, point: ReceivedNumberPoint | CountedPoint) => {
    const own = renderAttributes(point.attributes)
    const key = `${entry.key} ${own}`
    if (order.delete(key)) bytes -= costOf(entry, own)
    order.set(key, { entry, own })
    bytes += costOf(entry, own)
    entry.points.set(own, { ...readLast(point), arrivedMillis: nowMillis() })
  }

  const makeRoom = () => {
    for (const [key, { entry, own }] of order) {
      const isOver =
        order.size > bounds.metricPointsMax || bytes + pool.bytes > bounds.metricBytesMax
      if (!isOver) return
      order.delete(key)
      bytes -= costOf(entry, own)
      evicted += 1
      entry.points.delete(own)
      if (entry.points.size > 0) continue
      metrics.delete(entry.key)
      pool.release(entry.source)
    }
  }

  return {
    add(groups) {
      visitItems(pool, groups, (source, metric) => {
        const { data } = metric
        if (data.type === 'none' || data.points.length === 0) return
        // Of what came only the last values stay: the rest of a batch would be held by `data`.
        const entry = find(source, metric, { ...data, points: [] })
        for (const point of data.points) addPoint(entry, point)
      })
      makeRoom()
    },
    list: () =>
      [...metrics.values()].map(({ points, ...entry }) => ({
        ...entry,
        points: [...points.values()],
      })),
    get evicted() {
      return evicted
    },
  }
}

/** Without buckets and exemplars, which a point in JSON has too. */
function readLast(point: ReceivedNumberPoint | CountedPoint): ReceivedNumberPoint | CountedPoint {
  const { attributes, startNanos, timeNanos } = point
  return 'count' in point
    ? { attributes, startNanos, timeNanos, count: point.count, sum: point.sum }
    : { attributes, startNanos, timeNanos, value: point.value }
}

/** Of a point without attributes, with its entries in two maps; estimated. */
const pointBytes = 400
