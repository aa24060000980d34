import { answerRules } from '../../../comparison/differences/answer-rules.ts'
import { type Difference, renderDifference } from '../../../comparison/differences/difference.ts'
import { applyKnown } from '../../../comparison/differences/known-differences.ts'
import { volatileRules } from '../../../comparison/differences/volatile-rules.ts'
import {
  findServer,
  readTimeParts,
  type TimeParts,
} from '../../../comparison/latency/time-parts.ts'
import {
  type ComparisonRules,
  compareRepetitions,
  findUsual,
  judgeCounts,
  type RepetitionsOutcome,
} from '../../../comparison/operations/compare-repetitions.ts'
import type { Repetition } from '../../../comparison/operations/operation-result.ts'
import { shortenLine } from '../../../comparison/report/render/fold-differences.ts'
import { renderLogRows, renderSteps, stepsMax } from '../../../comparison/report/report-steps.ts'
import { alignTraces } from '../../../comparison/trace/align-traces.ts'
import { readClockTrust } from '../../../comparison/trace/clock-trust.ts'
import type { TraceTree } from '../../../comparison/trace/trace-tree.ts'
import { traceHref } from '../state/address.ts'
import { readHeadline } from '../trace/headline.ts'
import type { HeldTrace } from '../trace/held-trace.ts'
import type { ComparedDifference, ComparedLane, ComparedOperation } from './compared-operation.ts'
import { type Declared, listKnown } from './declared.ts'

/** A trace that was fetched to be compared. */
export type FetchedTrace = Pick<HeldTrace, 'tree' | 'isDurationTrusted'> & {
  readonly traceId: string
  /** Absent for the run that is looked at. */
  readonly run?: string | undefined
}

/** Traces of one runtime, or a single one; never empty. */
export type LaneTraces = readonly [FetchedTrace, ...FetchedTrace[]]

const rules: ComparisonRules = { volatile: volatileRules, answers: answerRules, hasAnswers: false }

/**
 * Lays lanes over each other, the first as the reference, as the report does: every trace of a lane
 * is held against what the reference usually does, and a difference says how often it occurs.
 *
 * @param names Of the lanes; each is called as its runtime by default.
 *
 * The steps that are shown are those of one trace of each lane: of the way that it usually takes, and
 * of median duration among those.
 */
export function compareLanes(
  all: readonly LaneTraces[],
  declared: Declared,
  names: readonly string[] = [],
): ComparedOperation {
  const lanes = nameLanes(all, names)
  const [reference] = lanes
  const operation = reference === undefined ? '' : readHeadline(reference.traces[0].tree).name
  const usual = findUsual(operation, reference?.repetitions ?? [], rules)
  const compared = lanes.map((lane) => ({
    ...lane,
    outcome: compareRepetitions(operation, lane.name, lane.repetitions, usual, rules),
  }))
  const [first] = compared
  const differences = compared
    .slice(1)
    .flatMap(({ name, outcome }) => (first ? judge(name, outcome, first.outcome) : []))
  const known = lanes.flatMap((lane) => listKnown(declared, lane, reference?.runtime ?? ''))
  const reasons = new Map(
    applyKnown(differences, known, []).declared.flatMap((one) =>
      one.differences.map((difference) => [difference, one.known.reason] as const),
    ),
  )
  const examples = new Map(compared.map((lane) => [lane.name, findExample(lane)]))
  const trees = new Map([...examples].map(([name, { tree }]) => [name, tree]))
  const steps = alignTraces(trees)
  const stepMillis = new Map(compared.map(({ name, outcome }) => [name, outcome.stepMillis]))
  const paths = steps.slice(0, stepsMax).map(({ path }) => JSON.stringify(path))
  return {
    name: operation,
    lanes: lanes.map((lane) => describeLane(lane, examples.get(lane.name) ?? lane.traces[0])),
    steps: renderSteps(steps, trees, stepMillis),
    stepsLeftOut: Math.max(0, steps.length - stepsMax),
    logs: renderLogRows(steps, trees),
    differences: differences.map((difference) =>
      describe(difference, paths, reasons.get(difference) ?? null),
    ),
  }
}

/** Compares traces only: the answers are not known here. */
function judge(
  name: string,
  own: RepetitionsOutcome,
  reference: RepetitionsOutcome,
): readonly Difference[] {
  const { differences } = judgeCounts(name, own, reference)
  return differences.filter(({ kind }) => !kind.startsWith('answer.'))
}

function describe(
  difference: Difference,
  paths: readonly string[],
  reason: string | null,
): ComparedDifference {
  const { operation, runtime, path, kind, subject } = difference
  const step = paths.indexOf(JSON.stringify(path))
  const line = renderDifference(difference)
  const isShown = step !== -1
  return {
    lane: runtime,
    step: isShown ? step : null,
    kind,
    subject,
    // A difference outside the shown rows must name its path.
    text: shortenLine({ line, operation, runtime, path: isShown ? path : [] }),
    reason,
  }
}

type Lane = {
  readonly name: string
  /** Name by which its colour is assigned. */
  readonly color: string
  readonly runtime: string
  readonly traces: LaneTraces
  readonly repetitions: readonly Repetition[]
}

/** By the runtime's name; from its second lane on with a number. */
function nameLanes(all: readonly LaneTraces[], names: readonly string[]): readonly Lane[] {
  const counts = new Map<string, number>()
  return all.map((traces, index) => {
    const runtime = readHeadline(traces[0].tree).runtime ?? 'unnamed'
    const count = (counts.get(runtime) ?? 0) + 1
    counts.set(runtime, count)
    return {
      name: names[index] ?? (count === 1 ? runtime : `${runtime} #${count}`),
      color: names[index] ?? runtime,
      runtime,
      traces,
      repetitions: traces.map(({ tree, isDurationTrusted }) => ({
        answer: null,
        trace: tree,
        clientMillis: readServerMillis(tree),
        isDurationTrusted,
      })),
    }
  })
}

function findExample({
  traces,
  outcome,
}: Lane & { readonly outcome: RepetitionsOutcome }): FetchedTrace {
  const tree = outcome.forms[0]?.example.trace
  return traces.find((trace) => trace.tree === tree) ?? traces[0]
}

function describeLane({ name, color, traces }: Lane, example: FetchedTrace): ComparedLane {
  const server = findServer(example.tree.roots) ?? example.tree.roots[0]
  const timed = traces.filter(({ isDurationTrusted }) => isDurationTrusted)
  const clock = server === undefined ? 'unknown' : readClockTrust(server.resource.attributes)
  return {
    name,
    runtime: color,
    clock,
    durationClock: clock,
    traceHref: traceHref(example.traceId, example.run === undefined ? {} : { run: example.run }),
    durationsMillis: timed.map(({ tree }) => readServerMillis(tree)),
    time: meanParts(timed),
    verdict: null,
  }
}

function readServerMillis(tree: TraceTree): number {
  return readHeadline(tree).millis
}

function meanParts(all: readonly FetchedTrace[]): ComparedLane['time'] {
  const found = all.flatMap(({ tree }) => readTimeParts(tree, readServerMillis(tree)) ?? [])
  if (found.length === 0) return null
  const mean = (read: (parts: TimeParts) => number) =>
    found.reduce((sum, { parts }) => sum + read(parts), 0) / found.length
  const parts: TimeParts = {
    network: 0,
    server: mean(({ server }) => server),
    wait: mean(({ wait }) => wait),
    connect: mean(({ connect }) => connect),
    database: mean(({ database }) => database),
  }
  return { parts, totalMillis: parts.server + parts.wait + parts.connect + parts.database }
}
