import { setTimeout as delay } from 'node:timers/promises'
import { findServer } from '../../comparison/latency/time-parts.ts'
import { createTraceTree } from '../../comparison/trace/create-trace-tree.ts'
import type { TraceTree } from '../../comparison/trace/trace-tree.ts'
import { describeError } from '../../plumbing/describe-error.ts'
import type { PlayedRequest } from '../play/play-round.ts'
import { SourceError } from './ask-source.ts'
import type { TraceSource } from './trace-source.ts'

/** Bounds of the wait for traces. */
export type AwaitOptions = {
  /**
   * How long after a request's end its trace counts as all that will come: longer than the
   * delay with which the runtimes send.
   */
  readonly settleMillis: number
  /** With nothing new for so long, what has not arrived never will. */
  readonly waitMillisMax: number
  /** Spans are all kept, up to so many. Defaults to `spansMax`. */
  readonly spansMax?: number
  readonly onProgress?: (arrived: number, of: number) => void
  readonly signal?: AbortSignal
}

/** What a source had when the waiting ended. */
export type ArrivedTraces = {
  /** By trace id; one of which nothing arrived is absent. */
  readonly traces: ReadonlyMap<string, TraceTree>
  /** Requests whose trace is not whole, each with what it lacks. */
  readonly incomplete: readonly { readonly request: PlayedRequest; readonly lack: TraceLack }[]
  /** Why the source could not be asked for all of them; `null` when it could. */
  readonly failure: string | null
}

/** The missing part of a trace: everything, the server span under the driver's, or parents of its spans. */
export type TraceLack = 'trace' | 'server span' | 'parents'

/** Spans of one run, some 7 kB each with what hangs on them. */
const spansMax = 300_000

/** Questions to the source at one time. */
const questionsMax = 8
const pauseMillis = 150
/** So many questions that fail one after the other, and the source is taken to be gone. */
const failuresMax = 20

/**
 * Fetches the traces of what was played, and waits for those that are not whole yet.
 *
 * A trace is whole when there is a server span under the span that the driver put into the
 * request, when the parents of all its spans are there, and when `settleMillis` have passed.
 *
 * A source that refuses, or keeps failing, is asked no more; what it gave before is given.
 */
export async function awaitTraces(
  source: TraceSource,
  played: readonly PlayedRequest[],
  options: AwaitOptions,
): Promise<ArrivedTraces> {
  const { settleMillis, waitMillisMax, onProgress, signal } = options
  const traces = new Map<string, TraceTree>()
  const lacks = new Map<PlayedRequest, TraceLack | null>(played.map((one) => [one, 'trace']))
  const failed = new Map<PlayedRequest, string>()
  const mostSpans = options.spansMax ?? spansMax
  let spanCount = 0
  let failure: string | null = null
  let pending = played
  let failures = 0
  let lastNews = performance.now()
  for (;;) {
    const next: PlayedRequest[] = []
    await eachConcurrently(pending, async (request) => {
      if (signal?.aborted || failure !== null) return
      const askedAt = performance.now()
      const fetched = await source.fetchTrace(request.traceId).catch((error: unknown) => {
        const message = describeError(error)
        failures += 1
        failed.set(request, message)
        const isFinal = error instanceof SourceError && error.isFinal
        if (isFinal || failures >= failuresMax) failure = message
        return undefined
      })
      if (fetched !== undefined) {
        failures = 0
        failed.delete(request)
      }
      if (fetched) {
        const tree = createTraceTree(fetched.spans, fetched.logs, { driverSpanId: request.spanId })
        const known = traces.get(request.traceId)?.spanCount ?? 0
        if (tree.spanCount > known) lastNews = askedAt
        spanCount += tree.spanCount - known
        if (spanCount > mostSpans) {
          failure = `it gave more than ${mostSpans} spans, which is all that is kept; choose fewer rounds with --rounds`
        }
        // The driver's own span alone is no trace of the target.
        if (tree.spanCount > 0) traces.set(request.traceId, tree)
        lacks.set(request, tree.spanCount > 0 ? findLack(tree) : 'trace')
      }
      const isSettled = askedAt - request.endedAt >= settleMillis
      if (lacks.get(request) !== null || !isSettled) next.push(request)
      onProgress?.(traces.size, played.length)
    })
    pending = next
    const lastEnd = pending.reduce((latest, { endedAt }) => Math.max(latest, endedAt), 0)
    const settlesAt = lastEnd + settleMillis
    const isQuiet = performance.now() - Math.max(lastNews, settlesAt) > waitMillisMax
    if (pending.length === 0 || isQuiet || failure !== null || signal?.aborted) break
    await delay(pauseMillis)
  }
  // A trace whose source never answered is not known to be missing.
  for (const message of failed.values()) failure ??= message
  return {
    traces,
    failure: signal?.aborted ? null : failure,
    incomplete: played.flatMap((request) => {
      const lack = lacks.get(request)
      return lack ? [{ request, lack }] : []
    }),
  }
}

/**
 * Sentences about missing traces, one for each runtime, such as
 * `workers: of 400 traces 2 never arrived (get 2), 1 lacks its server span (list 1)`.
 */
export function describeIncomplete(
  { incomplete }: ArrivedTraces,
  played: readonly PlayedRequest[],
): readonly string[] {
  const all = Map.groupBy(played, ({ runtime }) => runtime)
  const byRuntime = Map.groupBy(incomplete, ({ request }) => request.runtime)
  return [...byRuntime].map(([runtime, owed]) => {
    const parts = [...Map.groupBy(owed, ({ lack }) => lack)].map(([lack, requests]) => {
      const operations = [...Map.groupBy(requests, ({ request }) => request.operation)]
      const counts = operations
        .map(([operation, own]) => `${operation} ${own.length}`)
        .sort()
        .join(', ')
      return `${requests.length} ${phrases[lack]} (${counts})`
    })
    return `${runtime}: of ${all.get(runtime)?.length ?? 0} traces ${parts.join(', ')}`
  })
}

const phrases: Readonly<Record<TraceLack, string>> = {
  trace: 'never arrived',
  'server span': 'came without a server span under the span of the request',
  parents: 'came with spans whose parents never arrived',
}

function findLack({ roots }: TraceTree): TraceLack | null {
  const ours = roots.filter(({ attachment }) => attachment === 'driver')
  if (findServer(ours) === undefined) return 'server span'
  return roots.some(({ attachment }) => attachment === 'orphan') ? 'parents' : null
}

async function eachConcurrently<T>(
  items: readonly T[],
  run: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values()
  await Promise.all(
    Array.from({ length: questionsMax }, async () => {
      for (const item of queue) await run(item)
    }),
  )
}
