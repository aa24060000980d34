import { readTracePage } from '../state/answers.ts'
import { type Asked, ask, fromJson } from '../state/ask.ts'
import { readHeldTrace } from '../trace/held-trace.ts'
import type { ComparedOperation } from './compared-operation.ts'
import {
  compareLanes,
  createRuntimeLanes,
  createSingleLanes,
  type FetchedTrace,
} from './from-traces.ts'

export type CompareOutcome =
  | { readonly kind: 'failed'; readonly detail: string }
  | {
      readonly kind: 'compared'
      readonly operation: ComparedOperation
      /** What could not be taken in, a sentence each. */
      readonly missing: readonly string[]
    }

/** So many lanes are told apart by colour. */
const lanesMax = 8
/** So many of the latest requests of each runtime. */
const tracesPerRuntime = 30

/** Traces by their ids, each a lane. */
export async function fetchTraces(
  traceIds: readonly string[],
  signal: AbortSignal,
): Promise<CompareOutcome> {
  const wanted = [...new Set(traceIds)].slice(0, lanesMax)
  const answers = await Promise.all(wanted.map((traceId) => fetchTrace(traceId, signal)))
  const found = answers.flatMap((answer) => (answer.kind === 'answer' ? [answer.value] : []))
  const missing = answers.flatMap((answer, index) =>
    answer.kind === 'answer'
      ? []
      : [answer.kind === 'problem' ? answer.detail : `trace ${wanted[index]} could not be fetched`],
  )
  if (traceIds.length > lanesMax) missing.push(`only the first ${lanesMax} traces are compared`)
  if (found.length === 0) return { kind: 'failed', detail: missing.join('; ') }
  return { kind: 'compared', operation: compareLanes(createSingleLanes(found)), missing }
}

/** The latest requests of an operation, each runtime a lane. */
export async function fetchByOperation(
  wish: {
    readonly operation: string
    readonly status: string
    readonly runtimes: readonly string[]
    /** Name of the runtime to compare with; the first by name when it has none, or when empty `node` where there is one. */
    readonly reference: string
  },
  signal: AbortSignal,
): Promise<CompareOutcome> {
  const first = wish.reference || 'node'
  const inOrder = [...wish.runtimes]
    .sort((a, b) => Number(b === first) - Number(a === first))
    .slice(0, lanesMax)
  const groups = await Promise.all(inOrder.map((runtime) => fetchLatest(runtime, wish, signal)))
  const lanes = createRuntimeLanes(groups)
  const missing = inOrder.flatMap((runtime, index) =>
    (groups[index]?.length ?? 0) === 0
      ? [`nothing of ${wish.operation} is stored of ${runtime}`]
      : [],
  )
  if (lanes.length === 0)
    return { kind: 'failed', detail: `nothing of ${wish.operation} is stored` }
  return { kind: 'compared', operation: compareLanes(lanes), missing }
}

async function fetchLatest(
  runtime: string,
  { operation, status }: { readonly operation: string; readonly status: string },
  signal: AbortSignal,
): Promise<readonly FetchedTrace[]> {
  const query = new URLSearchParams({ runtime, operation, limit: String(tracesPerRuntime) })
  if (status !== '') query.set('status', status)
  const page = await ask(`/api/traces?${query}`, fromJson(readTracePage), signal)
  if (page.kind !== 'answer') return []
  // Without a status asked for, answers of the most frequent one: a 404 takes other steps than a 200.
  const byStatus = [...Map.groupBy(page.value.traces, ({ httpStatus }) => httpStatus).values()]
  const most = byStatus.sort((a, b) => b.length - a.length)[0] ?? []
  const answers = await Promise.all(most.map(({ traceId }) => fetchTrace(traceId, signal)))
  return answers.flatMap((answer) => (answer.kind === 'answer' ? [answer.value] : []))
}

async function fetchTrace(traceId: string, signal: AbortSignal): Promise<Asked<FetchedTrace>> {
  return ask(
    `/api/traces/${encodeURIComponent(traceId)}`,
    (text) => ({ traceId, tree: readHeldTrace(text).tree }),
    signal,
  )
}
