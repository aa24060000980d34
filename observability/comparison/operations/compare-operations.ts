import { isOfConventions } from '../conventions/is-of-conventions.ts'
import { type AnswerRules, answerRules } from '../differences/answer-rules.ts'
import type { Difference } from '../differences/difference.ts'
import {
  applyKnown,
  findOccasional,
  type KnownDifference,
  type OccasionalDifference,
  type PlayedOperation,
} from '../differences/known-differences.ts'
import { type VolatileRule, volatileRules } from '../differences/volatile-rules.ts'
import { findServer } from '../latency/time-parts.ts'
import { hasTrustedTimes } from '../latency/trusted-times.ts'
import { exactMedian } from '../statistics/exact-quantile.ts'
import { alignTraces } from '../trace/align-traces.ts'
import { readClockTrust } from '../trace/clock-trust.ts'
import type { TraceTree } from '../trace/trace-tree.ts'
import {
  type ComparisonRules,
  compareRepetitions,
  createAbsence,
  findUsual,
  isMissing,
  judgeCounts,
  type RepetitionsOutcome,
} from './compare-repetitions.ts'
import type {
  Comparison,
  OperationComparison,
  OperationResult,
  RuntimeVerdict,
  Unsteady,
} from './operation-result.ts'

/** What counts as a difference, and which target the others are compared with. */
export type ComparisonOptions = {
  /** Defaults to the runtime of the first result. */
  readonly reference?: string
  /** Defaults to `[]`. */
  readonly known?: readonly KnownDifference[]
  /** Differences that may come and go by chance. Defaults to `[]`. */
  readonly occasional?: readonly OccasionalDifference[]
  /** Defaults to `volatileRules`; give those and your own. */
  readonly volatile?: readonly VolatileRule[]
  /** Defaults to `answerRules`; give those and your own. */
  readonly answers?: AnswerRules
  /** Whether log records came with the traces. Defaults to yes. */
  readonly hasLogs?: boolean
  /** Whether answers were kept, so that one that is not there is missing. Defaults to yes. */
  readonly hasAnswers?: boolean
  /** Whether an operation that one runtime has no repetition of says nothing. Defaults to no: it is missing. */
  readonly mayBeUnplayed?: boolean
  /** @see judgeCounts Defaults to no. */
  readonly isSample?: boolean
}

/**
 * Compares a scenario as the reference runtime took it with how each other runtime did:
 * answers, traces and log records of every repetition, not of one lucky pair.
 *
 * The measure is what the reference usually does. A difference says how often it occurred; see
 * `judgeCounts` for what counts as one. Nothing is called the same that was not compared: an
 * operation that was not played, an answer that never came and a trace that never arrived are
 * differences, on the reference too.
 *
 * @throws When one runtime has two results for one operation.
 */
export function compareOperations(
  results: readonly OperationResult[],
  options: ComparisonOptions = {},
): Comparison {
  const reference = options.reference ?? results[0]?.runtime ?? ''
  const runtimes = [...new Set([reference, ...results.map(({ runtime }) => runtime)])]
  const found = [...groupByOperation(results)].map(([operation, played]) =>
    compareOperation({ operation, played, reference, runtimes }, options),
  )
  const all = found.flatMap(({ differences }) => differences)
  const known = applyKnown(
    all,
    (options.known ?? []).filter((one) => !isOfConventions(one)),
    listPlayed(results, reference, options.hasLogs ?? true),
  )
  const undeclared = new Set(known.undeclared)
  return {
    reference,
    runtimes,
    operations: found.map((one) => createComparison(one, reference, undeclared)),
    known,
    unsteady: found.flatMap(({ unsteady }) => unsteady),
  }
}

/** Pairs a runtime's results with the reference's of the same operation: only these can show a difference. */
function listPlayed(
  results: readonly OperationResult[],
  reference: string,
  hasLogs: boolean,
): readonly PlayedOperation[] {
  return results.flatMap(({ operation, runtime, repetitions }) => {
    const base = results.find((one) => one.operation === operation && one.runtime === reference)
    const both = [repetitions, base?.repetitions ?? []]
    const isEmpty = both.some((list) =>
      list.every(({ fault }) => fault?.kind === 'operation.missing'),
    )
    if (isEmpty) return []
    const hasTraces = both.every((list) => list.some(({ trace }) => trace !== null))
    return [{ operation, runtime, hasTraces, hasLogs: hasTraces && hasLogs }]
  })
}

type PlayedResults = ReadonlyMap<string, OperationResult>

function groupByOperation(results: readonly OperationResult[]): ReadonlyMap<string, PlayedResults> {
  const byOperation = new Map<string, Map<string, OperationResult>>()
  for (const result of results) {
    const { operation, runtime } = result
    const played = byOperation.get(operation) ?? new Map<string, OperationResult>()
    if (played.has(runtime)) {
      throw new Error(`results: expected one of ${operation} on ${runtime}, got two`)
    }
    byOperation.set(operation, played.set(runtime, result))
  }
  return byOperation
}

type Played = {
  readonly operation: string
  readonly played: PlayedResults
  readonly reference: string
  readonly runtimes: readonly string[]
}

type FoundInOperation = Pick<Played, 'operation' | 'played'> & {
  readonly outcomes: ReadonlyMap<string, RepetitionsOutcome>
  readonly differences: readonly Difference[]
  readonly unsteady: readonly Unsteady[]
}

function compareOperation(
  { operation, played, reference, runtimes }: Played,
  options: ComparisonOptions,
): FoundInOperation {
  const { volatile = volatileRules, answers = answerRules, occasional = [] } = options
  const rules: ComparisonRules = { volatile, answers, hasAnswers: options.hasAnswers ?? true }
  const usual = findUsual(operation, played.get(reference)?.repetitions ?? [], rules)
  const outcomes = new Map(
    runtimes.map((runtime) => [
      runtime,
      compareRepetitions(operation, runtime, played.get(runtime)?.repetitions ?? [], usual, rules),
    ]),
  )
  const differences: Difference[] = []
  const unsteady: Unsteady[] = []
  for (const runtime of runtimes) {
    if (options.mayBeUnplayed === true && !isPlayed(played, runtime)) continue
    const own = judge(operation, runtime, { played, reference, outcomes }, options.isSample)
    for (const difference of own.differences) {
      const declared = findOccasional(occasional, difference)
      if (declared === undefined) differences.push(difference)
      else unsteady.push({ difference, reason: declared.reason })
    }
    unsteady.push(...own.unsteady.map((difference) => ({ difference, reason: null })))
  }
  return { operation, played, outcomes, differences, unsteady }
}

function judge(
  operation: string,
  runtime: string,
  {
    played,
    reference,
    outcomes,
  }: Pick<FoundInOperation, 'played' | 'outcomes'> & Pick<Played, 'reference'>,
  isSample: boolean | undefined,
): { readonly differences: readonly Difference[]; readonly unsteady: readonly Difference[] } {
  const at = { operation, runtime, path: [] }
  const own = outcomes.get(runtime)
  const base = outcomes.get(reference)
  if (!isPlayedAtAll(played)) return { differences: [], unsteady: [] }
  if (!own || !base || !isPlayed(played, runtime)) {
    return { differences: [{ ...at, ...createAbsence('operation.missing') }], unsteady: [] }
  }
  if (!isPlayed(played, reference)) {
    return { differences: [{ ...at, ...createAbsence('operation.extra') }], unsteady: [] }
  }
  if (runtime !== reference) return judgeCounts(runtime, own, base, isSample)
  // A deviation from its own usual self is unsteady; a thing that never came is missing.
  const found = [...own.counted.values()].map(({ count, difference }): Difference => {
    const occurrences = { count, of: own.of, referenceCount: 0, referenceOf: own.of }
    return { ...difference, occurrences }
  })
  return {
    differences: found.filter(isMissing),
    unsteady: found.filter((difference) => !isMissing(difference)),
  }
}

function isPlayed(played: PlayedResults, runtime: string): boolean {
  return (played.get(runtime)?.repetitions.length ?? 0) > 0
}

/** Without a played operation nothing can be said to differ. */
function isPlayedAtAll(played: PlayedResults): boolean {
  return [...played.keys()].some((runtime) => isPlayed(played, runtime))
}

function createComparison(
  { operation, played, outcomes, differences }: FoundInOperation,
  reference: string,
  undeclared: ReadonlySet<Difference>,
): OperationComparison {
  const traces = new Map<string, TraceTree>()
  for (const [runtime, { forms }] of outcomes) {
    const trace = forms[0]?.example.trace
    if (trace) traces.set(runtime, trace)
  }
  const verdicts = [...outcomes].map(([runtime, outcome]): RuntimeVerdict => {
    const own = differences.filter((difference) => difference.runtime === runtime)
    const open = own.filter((difference) => undeclared.has(difference))
    const declared = own.filter((difference) => !undeclared.has(difference))
    const clean = !isPlayed(played, runtime)
      ? 'unplayed'
      : runtime === reference
        ? 'reference'
        : 'same'
    const repetitions = played.get(runtime)?.repetitions ?? []
    return {
      runtime,
      outcome: open.length > 0 ? 'differs' : declared.length > 0 ? 'known' : clean,
      undeclared: open,
      declared,
      forms: outcome.forms,
      medianMillis: exactMedian(repetitions.flatMap(({ clientMillis }) => clientMillis ?? [])),
      serverSpan: readServerSpan(
        repetitions.filter(hasTrustedTimes).flatMap(({ trace }) => trace ?? []),
      ),
      stepMillis: outcome.stepMillis,
    }
  })
  return { operation, steps: alignTraces(traces), verdicts }
}

function readServerSpan(traces: readonly TraceTree[]): RuntimeVerdict['serverSpan'] {
  const servers = traces.flatMap(({ roots }) => findServer(roots) ?? [])
  const [first] = servers
  const millis = exactMedian(
    servers.map(({ span }) => Number(span.endNanos - span.startNanos) / 1e6),
  )
  if (first === undefined || millis === null) return null
  return { millis, clock: readClockTrust(first.resource.attributes) }
}
