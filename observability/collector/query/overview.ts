import { readAttribute, SpanKind } from '../../otlp/model.ts'
import type { StoredSpan, StoredTrace } from '../store/stored-trace.ts'
import { chooseBuckets } from './choose-buckets.ts'
import type { OverviewQuery } from './overview-query.ts'
import {
  type RequestNumbers,
  type RequestTally,
  summarizeRequests,
  tally,
} from './request-numbers.ts'
import { readMethod, readOutcome, readRoute } from './span-facts.ts'
import type { Steps } from './turns.ts'

/** Rate, errors and durations of the server spans that are stored, by operation and over time. */
export type Overview = {
  readonly startTime: string
  readonly endTime: string
  readonly bucketMillis: number
  /** Start of the first bucket in milliseconds since 1970; the others follow without a gap. */
  readonly firstBucketMillis: number
  /** The most frequent first; by runtime and operation. Of every runtime and operation, whatever was asked for. */
  readonly operations: readonly OperationNumbers[]
  /** How many operations there are beyond those. */
  readonly moreOperations: number
  /** By runtime, one entry for each bucket, of what was asked for. */
  readonly series: readonly RuntimeSeries[]
}

export type OperationNumbers = RequestNumbers & {
  readonly runtime: string | null
  readonly service: string | null
  /** Name of the server span. */
  readonly operation: string
  readonly method: string | null
  readonly route: string | null
  /** `hono.runtime.clock`: how far the durations can be trusted. */
  readonly clock: string | null
}

export type RuntimeSeries = {
  readonly runtime: string | null
  readonly buckets: readonly RequestNumbers[]
}

/** An operation's name may come from a client, so there may be any number of them. */
export const operationsMax = 200
const seriesMax = 20

/**
 * What the span metrics count, with exact quantiles and over time, as far back as traces are stored.
 *
 * From the spans and not from the metrics' histograms: these have bucket borders for quantiles and
 * no past, and every number here leads to the very traces that it was made of.
 */
export function* createOverview(
  traces: Iterable<StoredTrace>,
  query: OverviewQuery,
  nowMillis: number,
): Steps<Overview> {
  const spans = yield* listServerSpans(traces, query)
  const endMillis = query.endMillis ?? nowMillis
  const oldest = spans.reduce((least, span) => Math.min(least, readStartMillis(span)), endMillis)
  const startMillis = query.startMillis ?? oldest
  const { firstMillis, stepMillis, count } = chooseBuckets(startMillis, endMillis, query.buckets)
  const operations = new Map<string, OperationTally>()
  const series = new Map<string, RequestTally[]>()

  for (const span of spans) {
    yield
    const request = readRequest(span)
    const { source, name } = span
    const key = JSON.stringify([source.runtime, source.service, name])
    const own = operations.get(key) ?? { request, tally: tally() }
    operations.set(key, own)
    own.tally.add(request)
    if (query.runtime !== undefined && query.runtime !== source.runtime) continue
    if (query.operation !== undefined && query.operation !== name) continue
    let buckets = series.get(source.runtime)
    if (buckets === undefined) {
      if (series.size >= seriesMax) continue
      buckets = Array.from({ length: count }, tally)
      series.set(source.runtime, buckets)
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
    series: [...series]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([runtime, buckets]) => ({
        runtime: runtime || null,
        buckets: buckets.map(summarizeRequests),
      })),
  }
}

type OperationTally = { readonly request: Request; readonly tally: RequestTally }

type Request = {
  readonly span: StoredSpan
  readonly startMillis: number
  readonly durationMillis: number
  readonly outcome: 'ok' | '4xx' | '5xx'
}

/** The spans alone, which are there already: as many questions may be under way, and there are many spans. */
function* listServerSpans(
  traces: Iterable<StoredTrace>,
  { startMillis: from = 0, endMillis: to = Number.POSITIVE_INFINITY }: OverviewQuery,
): Steps<readonly StoredSpan[]> {
  const found: StoredSpan[] = []
  for (const { spans } of [...traces]) {
    yield
    for (const span of spans) {
      if (span.kind !== SpanKind.server) continue
      const startMillis = readStartMillis(span)
      if (startMillis >= from && startMillis < to) found.push(span)
    }
  }
  return found
}

function readStartMillis({ startNanos }: StoredSpan): number {
  return Number(startNanos / 1_000_000n)
}

function readRequest(span: StoredSpan): Request {
  const durationMillis = Math.max(0, Number(span.endNanos - span.startNanos) / 1e6)
  return { span, startMillis: readStartMillis(span), durationMillis, outcome: readOutcome(span) }
}

function describeOperation({ request: { span }, tally: own }: OperationTally): OperationNumbers {
  const clock = readAttribute(span.source.resource.attributes, 'hono.runtime.clock')
  return {
    runtime: span.source.runtime || null,
    service: span.source.service || null,
    operation: span.name,
    method: readMethod(span) ?? null,
    route: readRoute(span) ?? null,
    clock: typeof clock === 'string' ? clock : null,
    ...summarizeRequests(own),
  }
}
