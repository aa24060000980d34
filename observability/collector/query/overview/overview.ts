import { readAttribute, SpanKind } from '../../../otlp/model.ts'
import { isPlausibleTime } from '../../../otlp/shared/plausible-time.ts'
import type { OperationNumbers, Overview } from '../../../wire/overview.ts'
import type { StoredSpan, StoredTrace } from '../../store/stored-trace.ts'
import { readMethod, readOutcome, readRoute } from '../traces/read-span.ts'
import type { Steps } from '../turns.ts'
import { chooseBuckets } from './choose-buckets.ts'
import type { OverviewQuery } from './overview-query.ts'
import { type RequestTally, summarizeRequests, tally } from './request-numbers.ts'

/** An operation's name may come from a client, so there may be any number of them. */
export const operationsMax = 200
const seriesMax = 20

/**
 * Rates, errors and durations like the span metrics, but with exact quantiles and over time, as far back as traces are
 * stored.
 *
 * Computed from spans, not from the metrics' histograms: those know quantiles only to a bucket and have no past, and
 * every number here leads to its traces.
 */
export function* createOverview(
  traces: Iterable<StoredTrace>,
  query: OverviewQuery,
  nowMillis: number,
): Steps<Overview> {
  const { found, leftOut } = yield* listServerSpans(traces, query, nowMillis)
  const endMillis = query.endMillis ?? nowMillis
  const starts = found.map(({ span }) => readStartMillis(span))
  const oldest = starts.reduce((least, start) => Math.min(least, start), endMillis)
  const newest = starts.reduce((most, start) => Math.max(most, start), oldest)
  const startMillis = query.startMillis ?? oldest
  const { firstMillis, stepMillis, count } = chooseBuckets(startMillis, endMillis, query.buckets)
  const operations = new Map<string, OperationTally>()
  const series = new Map<string, RequestTally[]>()

  for (const one of found) {
    yield
    const request = readRequest(one)
    const { source, name } = one.span
    const group = readGroup(one.span, query.by)
    const key = JSON.stringify([group, source.runtime, source.service, name])
    const own = operations.get(key) ?? { request, group, tally: tally() }
    operations.set(key, own)
    own.tally.add(request)
    if (query.runtime !== undefined && query.runtime !== source.runtime) continue
    if (query.operation !== undefined && query.operation !== name) continue
    let buckets = series.get(group)
    if (buckets === undefined) {
      if (series.size >= seriesMax) continue
      buckets = Array.from({ length: count }, tally)
      series.set(group, buckets)
    }
    const bucket = Math.floor((request.startMillis - firstMillis) / stepMillis)
    buckets[Math.max(0, Math.min(count - 1, bucket))]?.add(request)
  }

  const sorted = [...operations.values()].sort((a, b) => b.tally.count - a.tally.count)
  return {
    startTime: new Date(startMillis).toISOString(),
    endTime: new Date(endMillis).toISOString(),
    bucketMillis: stepMillis,
    firstBucketMillis: firstMillis,
    operations: sorted.slice(0, operationsMax).map(describeOperation),
    moreOperations: Math.max(0, sorted.length - operationsMax),
    trafficMillis: found.length === 0 ? 0 : newest - oldest,
    untimed: found.filter(({ isTimed }) => !isTimed).length,
    leftOut,
    series: [...series]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([group, buckets]) => ({
        group: group || null,
        buckets: buckets.map(summarizeRequests),
      })),
  }
}

type OperationTally = {
  readonly request: Request
  readonly group: string
  readonly tally: RequestTally
}

/** Empty for what has no such attribute. */
function readGroup({ attributes, source }: StoredSpan, by: string): string {
  if (by === 'runtime') return source.runtime
  const value = readAttribute(attributes, by) ?? readAttribute(source.resource.attributes, by)
  return typeof value === 'object' || value === undefined ? '' : String(value)
}

type Request = {
  readonly span: StoredSpan
  readonly startMillis: number
  /** `null` when its times cannot be. */
  readonly durationMillis: number | null
  readonly outcome: 'ok' | '4xx' | '5xx'
}

/** A server span, and whether its times can be. */
type FoundSpan = { readonly span: StoredSpan; readonly isTimed: boolean }

const dayMillis = 24 * 60 * 60 * 1_000
/** Older requests are shown only if asked for, so that a single one does not make buckets of months. */
const ageMillisMax = 30 * dayMillis

/** The spans alone, which are there already: as many questions may be under way, and there are many spans. */
function* listServerSpans(
  traces: Iterable<StoredTrace>,
  query: OverviewQuery,
  nowMillis: number,
): Steps<{ readonly found: readonly FoundSpan[]; readonly leftOut: Overview['leftOut'] }> {
  const { startMillis: from = 0, endMillis: to = Number.POSITIVE_INFINITY } = query
  const earliestMillis = query.startMillis ?? nowMillis - ageMillisMax
  // Clocks differ, though not by a day.
  const latestMillis = Math.max(nowMillis, query.endMillis ?? 0) + dayMillis
  const found: FoundSpan[] = []
  const leftOut = { unfinished: 0, impossible: 0, old: 0 }
  for (const { spans, impossibleSpans } of [...traces]) {
    yield
    for (const span of spans) {
      if (span.kind !== SpanKind.server) continue
      const startMillis = readStartMillis(span)
      const isPlausible = isPlausibleTime(span.startNanos) && isPlausibleTime(span.endNanos)
      if (isPlausible && (startMillis < from || startMillis >= to)) continue
      const endMillis = Number(span.endNanos / 1_000_000n)
      if (span.endNanos === 0n) leftOut.unfinished += 1
      else if (!isPlausible || Math.max(startMillis, endMillis) > latestMillis)
        leftOut.impossible += 1
      else if (startMillis < earliestMillis) leftOut.old += 1
      else found.push({ span, isTimed: isTimed(span, impossibleSpans) })
    }
  }
  return { found, leftOut }
}

function isTimed(span: StoredSpan, impossible: StoredTrace['impossibleSpans']): boolean {
  return span.endNanos >= span.startNanos && impossible?.has(span) !== true
}

function readStartMillis({ startNanos }: StoredSpan): number {
  return Number(startNanos / 1_000_000n)
}

function readRequest({ span, isTimed: isKnown }: FoundSpan): Request {
  const durationMillis = isKnown ? Number(span.endNanos - span.startNanos) / 1e6 : null
  return { span, startMillis: readStartMillis(span), durationMillis, outcome: readOutcome(span) }
}

function describeOperation({
  request: { span },
  group,
  tally: own,
}: OperationTally): OperationNumbers {
  const clock = readAttribute(span.source.resource.attributes, 'hono.runtime.clock')
  return {
    group: group || null,
    runtime: span.source.runtime || null,
    service: span.source.service || null,
    operation: span.name,
    method: readMethod(span) ?? null,
    route: readRoute(span) ?? null,
    clock: typeof clock === 'string' ? clock : null,
    ...summarizeRequests(own),
  }
}
