import type { Attribute, Metric, ResourceMetrics, ResourceSpans } from '../../otlp/model.ts'
import { readAttribute } from '../../otlp/model.ts'
import { copyAttributes } from './dimensions/copy-attributes.ts'
import { measureDuration } from './measure-duration.ts'
import { listSeries, toExemplar, type View } from './metric-points.ts'
import { createResourceCache } from './series/resource-cache.ts'
import { createResourceKeyReader } from './series/resource-key.ts'
import { countChars } from './series/series.ts'
import { createTable, filterTable, type Room, type SeriesTable } from './series/series-table.ts'
import { createTablePlans, listMetrics } from './series/table-plans.ts'
import type { SpanMetricsConfig } from './span-metrics-config.ts'

type Clock = {
  /** Nanoseconds since the Unix epoch. */
  nowNanos(): bigint
}

/**
 * Metrics made from spans, as the Collector's `span_metrics` connector (0.165) makes them.
 *
 * Where it differs from the connector, on purpose:
 * - a metric without points is left out, since Prometheus refuses a whole request for one;
 * - series and their characters are bounded over all resources, so are resources that wait for
 *   their last export;
 * - a span counts as one: the sampling threshold in `tracestate` (`ot=th:…`) is not read.
 */
export type SpanMetrics = {
  /** Counts spans. Never throws, never keeps or changes what it is given. */
  consume(groups: readonly ResourceSpans[]): void
  /**
   * What the connector exports, to be called once per `flushIntervalMillis`, also where nobody
   * wants the result: it is what expires series and makes place for new exemplars.
   *
   * All points are cumulative. A new series' `calls` is 0 the first time, so that a backend which
   * takes the first point as the origin does not lose the first calls; exemplars are those since the
   * last flush.
   */
  flush(): readonly ResourceMetrics[]
  /**
   * What is counted at this moment; changes nothing.
   *
   * `calls` is never held back here: someone who sends a request and looks at `/metrics` has to see
   * it, and a scraper is told the true origin of a series by `_created` instead. Exemplars are
   * those of the current interval and of the last one that had any, at the time they were seen.
   */
  collect(): readonly ResourceMetrics[]
  stats(): SpanMetricsStats
}

/** How much the span metrics hold at the moment. */
export type SpanMetricsStats = {
  readonly resources: number
  /** Without overflow series, of which there is at most one per metric and resource. */
  readonly series: number
  readonly attributeChars: number
  /** Resources that a flood pushed out before they were exported a last time. */
  readonly lostResources: number
}

type Entry = {
  readonly key: string
  chars: number
  readonly attributes: readonly Attribute[]
  readonly tables: readonly SeriesTable[]
  lastSeenNanos: bigint
}

/**
 * @param instanceId value of the dimension `collector.instance.id`: the connector, too, takes a new
 * one at every start.
 */
export function createSpanMetrics(
  config: SpanMetricsConfig,
  clock: Clock,
  instanceId: string = crypto.randomUUID(),
): SpanMetrics {
  const plans = createTablePlans(config, instanceId)
  const readKey = createResourceKeyReader(config.resourceKeyAttributes)
  const limit = config.aggregationCardinalityLimit
  const unitNanos = config.histogram?.unit === 's' ? 1e9 : 1e6
  let seriesCount = 0
  const resources = createResourceCache<Entry>(
    config.resourcesMax,
    config.attributeCharsMax,
    (entry) => {
      for (const table of entry.tables) seriesCount -= table.series.length
    },
  )

  function createEntry(key: string, group: ResourceSpans): Entry {
    const attributes = copyAttributes(group.resource.attributes)
    return {
      key,
      chars: key.length + countChars(attributes),
      attributes,
      tables: plans.map(createTable),
      lastSeenNanos: 0n,
    }
  }

  /** The entry whose spans are being counted. */
  let current: Entry | undefined
  const room: Room = {
    hasSeries(table) {
      const size = table.series.length + (table.overflow === undefined ? 0 : 1)
      return (limit === 0 || size < limit) && seriesCount < config.seriesMax
    },
    take(chars) {
      if (current === undefined || resources.chars + chars > config.attributeCharsMax) return false
      resources.grow(current, chars)
      seriesCount++
      return true
    },
  }

  function findEntry(group: ResourceSpans): Entry {
    const key = readKey(group.resource.attributes)
    const known = resources.get(key)
    if (known !== undefined) return known
    const entry = createEntry(key, group)
    resources.add(entry)
    return entry
  }

  function consumeGroup(group: ResourceSpans, nowNanos: bigint): void {
    const serviceName = readAttribute(group.resource.attributes, 'service.name')
    if (serviceName === undefined) return
    const service = typeof serviceName === 'string' ? serviceName : ''
    const entry = findEntry(group)
    entry.lastSeenNanos = nowNanos
    current = entry
    for (const table of entry.tables) {
      const { plan } = table
      plan.readResource(group.resource.attributes)
      for (const scope of group.scopes) {
        for (const span of scope.items) {
          const duration = measureDuration(span.startNanos, span.endNanos) / unitNanos
          plan.record(table, service, span, duration, nowNanos, room)
        }
      }
    }
  }

  function build(view: View): readonly ResourceMetrics[] {
    const groups: ResourceMetrics[] = []
    for (const entry of [...resources.kept(), ...resources.evicted()]) {
      const metrics = listMetrics(config, entry.tables, view)
      if (metrics.length > 0) groups.push(createGroup(entry, metrics))
    }
    return groups
  }

  function settle(nowNanos: bigint): void {
    resources.dropEvicted()
    const { seriesExpirationNanos, metricsExpirationNanos } = config
    for (const entry of resources.kept()) {
      for (const table of entry.tables) {
        for (const series of listSeries(table)) {
          if (series.exemplars.length > 0) {
            series.previousExemplars = series.exemplars
            series.exemplars = []
          }
          series.isNew = false
        }
        if (seriesExpirationNanos === 0n) continue
        filterTable(table, (series) => {
          if (nowNanos - series.lastSeenNanos < seriesExpirationNanos) return true
          if (series !== table.overflow) {
            seriesCount--
            resources.grow(entry, -series.chars)
          }
          return false
        })
      }
      if (metricsExpirationNanos > 0n && nowNanos - entry.lastSeenNanos >= metricsExpirationNanos) {
        resources.evict(entry)
      }
    }
  }

  return {
    consume(groups) {
      // The Collector's receiver passes on no request without a span, whatever resources it names.
      if (!groups.some(({ scopes }) => scopes.some(({ items }) => items.length > 0))) return
      const nowNanos = clock.nowNanos()
      for (const group of groups) consumeGroup(group, nowNanos)
    },
    flush() {
      const timeNanos = clock.nowNanos()
      const groups = build({
        timeNanos,
        descriptions: { calls: '', duration: '' },
        countCalls: (series) => (series.isNew ? 0 : series.count),
        exemplars: (series) => series.exemplars.map((exemplar) => toExemplar(exemplar, timeNanos)),
      })
      settle(timeNanos)
      return groups
    },
    collect: () =>
      build({
        timeNanos: clock.nowNanos(),
        descriptions: { calls: 'Spans that have ended.', duration: 'How long spans took.' },
        countCalls: (series) => series.count,
        exemplars: (series) =>
          [...series.previousExemplars, ...series.exemplars].map((exemplar) =>
            toExemplar(exemplar, exemplar.seenNanos),
          ),
      }),
    stats: () => ({
      resources: resources.kept().length,
      series: seriesCount,
      attributeChars: resources.chars,
      lostResources: resources.lost,
    }),
  }
}

function createGroup(entry: Entry, metrics: readonly Metric[]): ResourceMetrics {
  const scope = {
    name: 'spanmetricsconnector',
    version: '',
    attributes: [],
    droppedAttributesCount: 0,
  }
  return {
    resource: { attributes: entry.attributes, droppedAttributesCount: 0 },
    schemaUrl: '',
    scopes: [{ scope, schemaUrl: '', items: metrics }],
  }
}
