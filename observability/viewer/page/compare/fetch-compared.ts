import type { TraceTree } from '../../../comparison/trace/trace-tree.ts'
import { readTracePage, type TraceSummary } from '../state/asking/answers.ts'
import { type Asked, ask, fromJson } from '../state/asking/ask.ts'
import type { Times } from '../state/read-times.ts'
import { readHeldTrace } from '../trace/held-trace.ts'
import type { LaneWish } from './choose/lane-wish.ts'
import type { ComparedOperation } from './compared-operation.ts'
import { cutToServer } from './cut-to-server.ts'
import { type Declared, fetchDeclared } from './declared.ts'
import { describeOne } from './describe-one.ts'
import { compareLanes, type FetchedTrace, type LaneTraces } from './from-traces.ts'

/** What became of an attempt to fetch and compare traces. */
export type CompareOutcome =
  | { readonly kind: 'failed'; readonly detail: string }
  /** The collector did not answer; it is worth asking again when it does. */
  | { readonly kind: 'silence' }
  | {
      readonly kind: 'compared'
      readonly operation: ComparedOperation
      /** Of each lane of the operation, in their order. */
      readonly traces: readonly LaneTraces[]
      /** Sentences about the traces that could not be included. */
      readonly missing: readonly string[]
      /** Statuses that the operation was answered with, the most frequent first; empty for chosen traces. */
      readonly statuses: readonly number[]
      /** The one of those that are compared; `null` when that is not the question. */
      readonly status: number | null
    }

/** So many lanes are told apart by colour. */
const lanesMax = 8
/** So many of the latest requests of each runtime are looked at for their status … */
const latestMax = 100
/** … and so many of one status compared … */
const tracesPerRuntime = 30
/** … but of large traces fewer: every one is fetched whole, and compared. */
const spansPerRuntimeMax = 6_000

/** Traces by their ids, each a lane. */
export async function fetchTraces(
  traceIds: readonly string[],
  signal: AbortSignal,
): Promise<CompareOutcome> {
  const distinct = [...new Set(traceIds)]
  const wanted = distinct.slice(0, lanesMax)
  const [declared, ...answers] = await Promise.all([
    fetchDeclared(signal),
    ...wanted.map((traceId) => fetchTrace(traceId, signal)),
  ])
  if (isSilent([declared, ...answers])) return { kind: 'silence' }
  const found = answers.flatMap((answer) => (answer.kind === 'answer' ? [answer.value] : []))
  const missing = answers.flatMap((answer) => (answer.kind === 'problem' ? [answer.detail] : []))
  if (distinct.length > lanesMax) missing.push(`only the first ${lanesMax} traces are compared`)
  if (found.length === 0) return { kind: 'failed', detail: missing.join('; ') }
  const lanes = found.map((trace): LaneTraces => [trace])
  const operation = compareLanes(lanes, orNothing(declared))
  return { kind: 'compared', operation, traces: lanes, missing, statuses: [], status: null }
}

/** The reader's choice: an operation on some lanes, and the reference. */
export type OperationWish = {
  readonly operation: string
  /** Status of the answer; empty for the most frequent one. */
  readonly status: string
  readonly lanes: readonly LaneWish[]
  /** Name of the lane to compare with; if empty, the declared reference, or else `node`, or else the first. */
  readonly reference: string
  /** `start` and `end`, where there are bounds. */
  readonly times: Times
}

/** The latest requests of an operation on each lane. */
export async function fetchByOperation(
  wish: OperationWish,
  signal: AbortSignal,
): Promise<CompareOutcome> {
  const { operation } = wish
  const [declared, ...pages] = await Promise.all([
    fetchDeclared(signal),
    ...wish.lanes.map((lane) => fetchLatest(lane, wish, '', signal)),
  ])
  const wished =
    wish.status === ''
      ? pages
      : await Promise.all(wish.lanes.map((lane) => fetchLatest(lane, wish, wish.status, signal)))
  if (isSilent([declared, ...pages, ...wished])) return { kind: 'silence' }
  const problem = wished.find((page) => page.kind === 'problem')
  if (problem?.kind === 'problem') return { kind: 'failed', detail: problem.detail }
  const latest = wished.map(orNone)
  // A 404 takes other steps than a 200: all lanes are of one status, or they would differ in nothing else.
  const status = rankStatuses(latest.flat())[0] ?? null
  const statuses = [
    ...new Set([...(status === null ? [] : [status]), ...rankStatuses(pages.flatMap(orNone))]),
  ]
  const chosen = latest.map((traces) => chooseTraces(traces, status))
  const groups = await Promise.all(
    chosen.map((traces, index) => {
      const run = wish.lanes[index]?.conditions.run
      return Promise.all(traces.map(({ traceId }) => fetchTrace(traceId, signal, run)))
    }),
  )
  if (isSilent(groups.flat())) return { kind: 'silence' }
  const byLane = wish.lanes.map((lane, index) => ({
    name: lane.name,
    traces: (groups[index] ?? []).flatMap((answer) =>
      answer.kind === 'answer' ? cut(answer.value, lane, operation) : [],
    ),
  }))
  const first = wish.reference || orNothing(declared).reference || 'node'
  const inOrder = byLane.toSorted((a, b) => Number(b.name === first) - Number(a.name === first))
  const full = inOrder.flatMap(({ name, traces: [example, ...others] }) =>
    example === undefined ? [] : [{ name, traces: [example, ...others] as const }],
  )
  const answered = status === null ? '' : ` answered with ${status}`
  if (full.length === 0) return { kind: 'failed', detail: `No request of ${operation} is stored.` }
  const without = inOrder.flatMap(({ name, traces }) => (traces.length === 0 ? [name] : []))
  const missing =
    without.length === 0
      ? []
      : [`No request of ${operation}${answered} is stored of ${without.join(', ')}.`]
  if (full.length === 1) {
    const areRuns = wish.lanes.some(({ conditions }) => conditions.run !== undefined)
    missing.push(describeOne(operation, full[0]?.name ?? '', areRuns))
  }
  if (full.length > lanesMax) missing.push(`${full.length - lanesMax} more are not shown`)
  const shown = full.slice(0, lanesMax).map(({ traces }) => traces)
  return {
    kind: 'compared',
    operation: compareLanes(
      shown,
      orNothing(declared),
      full.map(({ name }) => name),
    ),
    traces: shown,
    missing,
    statuses,
    status,
  }
}

async function fetchLatest(
  lane: LaneWish,
  { operation, times }: OperationWish,
  status: string,
  signal: AbortSignal,
): Promise<Asked<readonly TraceSummary[]>> {
  const query = new URLSearchParams({
    ...lane.conditions,
    ...times,
    operation,
    limit: String(latestMax),
  })
  if (status !== '') query.set('status', status)
  const page = await ask(`/api/traces?${query}`, fromJson(readTracePage), signal)
  return page.kind === 'answer' ? { kind: 'answer', value: page.value.items } : page
}

function orNone(page: Asked<readonly TraceSummary[]>): readonly TraceSummary[] {
  return page.kind === 'answer' ? page.value : []
}

function rankStatuses(traces: readonly TraceSummary[]): readonly number[] {
  const counts = new Map<number, number>()
  for (const { httpStatus } of traces) {
    if (httpStatus !== null) counts.set(httpStatus, (counts.get(httpStatus) ?? 0) + 1)
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([status]) => status)
}

function chooseTraces(
  traces: readonly TraceSummary[],
  status: number | null,
): readonly TraceSummary[] {
  const own = traces.filter(({ httpStatus }) => status === null || httpStatus === status)
  let spans = 0
  return own.filter(({ spanCount }, index) => {
    spans += spanCount
    return index === 0 || (index < tracesPerRuntime && spans <= spansPerRuntimeMax)
  })
}

async function fetchTrace(
  traceId: string,
  signal: AbortSignal,
  run?: string,
): Promise<Asked<FetchedTrace>> {
  const ofRun = run === undefined ? '' : `?run=${encodeURIComponent(run)}`
  return ask(
    `/api/traces/${encodeURIComponent(traceId)}${ofRun}`,
    (text) => ({ traceId, run, ...readHeldTrace(text) }),
    signal,
  )
}

function cut(
  { tree, ...rest }: FetchedTrace,
  lane: LaneWish,
  operation: string,
): readonly FetchedTrace[] {
  const own: TraceTree | undefined = cutToServer(tree, lane, operation)
  return own === undefined ? [] : [{ ...rest, tree: own }]
}

function isSilent(answers: readonly Asked<unknown>[]): boolean {
  return answers.some(({ kind }) => kind === 'silence')
}

/** A collector that runs alone has no declarations. */
function orNothing(declared: Asked<Declared>): Declared {
  return declared.kind === 'answer' ? declared.value : { reference: '', known: [] }
}
