import { SpanKind } from '../otlp/model.ts'
import type { Step } from './alignment.ts'
import { type AnswerRules, answerRules } from './answer-rules.ts'
import { compareAnswers } from './answers.ts'
import { readClockTrust } from './clock-trust.ts'
import type { Difference, Finding } from './difference.ts'
import { compareTraces } from './differences.ts'
import { exactMedian } from './exact-quantile.ts'
import { applyKnown, type KnownDifference } from './known-differences.ts'
import type {
  Comparison,
  OperationComparison,
  OperationResult,
  RuntimeVerdict,
} from './scenario-result.ts'
import type { TraceTree } from './trace.ts'
import { type VolatileRule, volatileRules } from './volatile-rules.ts'

export type ComparisonOptions = {
  /** Defaults to the runtime of the first result. */
  readonly reference?: string
  /** Defaults to none. */
  readonly known?: readonly KnownDifference[]
  /** Defaults to `volatileRules`; give those and your own. */
  readonly volatile?: readonly VolatileRule[]
  /** Defaults to `answerRules`; give those and your own. */
  readonly answers?: AnswerRules
}

/**
 * Compares a scenario as the reference runtime took it with how each other runtime did:
 * answers, traces, log records, and the time it took.
 *
 * Nothing is called the same that was not compared: an operation that was not played, an
 * answer that never came and a trace that never arrived are differences, on the reference
 * too.
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
  const known = applyKnown(all, options.known ?? [], results)
  const undeclared = new Set(known.undeclared)
  const operations = found.map(({ operation, steps, played, differences }): OperationComparison => {
    const verdicts = runtimes.map((runtime) => {
      const own = differences.filter((difference) => difference.runtime === runtime)
      const isReference = runtime === reference
      return createVerdict({
        runtime,
        isReference,
        result: played.get(runtime),
        own,
        undeclared,
        steps,
      })
    })
    return { operation, steps, verdicts }
  })
  return { reference, runtimes, operations, known }
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
  readonly steps: readonly Step[]
  readonly differences: readonly Difference[]
}

function compareOperation(
  { operation, played, reference, runtimes }: Played,
  { volatile = volatileRules, answers = answerRules }: ComparisonOptions,
): FoundInOperation {
  const expected = played.get(reference)
  const differences = runtimes.flatMap((runtime): readonly Difference[] => {
    const actual = played.get(runtime)
    const isComparable = runtime !== reference && expected?.answer && actual?.answer
    const findings: readonly Finding[] = [
      ...checkPresence(expected, actual),
      ...(isComparable ? compareAnswers(operation, expected.answer, actual.answer, answers) : []),
    ]
    return findings.map((finding) => ({ operation, runtime, path: [], ...finding }))
  })
  const traces = new Map<string, TraceTree>()
  for (const runtime of runtimes) {
    const trace = played.get(runtime)?.trace
    if (trace) traces.set(runtime, trace)
  }
  const compared = compareTraces(operation, traces, volatile)
  // Without the reference's trace the others are only laid out: none of them is the measure.
  const measured = traces.has(reference) ? compared.differences : []
  return { operation, played, steps: compared.steps, differences: [...differences, ...measured] }
}

/** What a runtime did not deliver, or the reference did not; of the reference itself only the first. */
function checkPresence(
  expected: OperationResult | undefined,
  actual: OperationResult | undefined,
): readonly Finding[] {
  if (actual === undefined) return [createAbsence('operation.missing')]
  if (expected === undefined) return [createAbsence('operation.extra')]
  const findings: Finding[] = []
  if (actual.answer === null) findings.push(createAbsence('answer.missing'))
  else if (expected.answer === null) findings.push(createAbsence('answer.extra'))
  if (actual.trace === null) findings.push(createAbsence('trace.missing'))
  else if (expected.trace === null) findings.push(createAbsence('trace.extra'))
  return findings
}

function createAbsence(kind: Finding['kind']): Finding {
  return { kind, subject: '', expected: null, actual: null }
}

function createVerdict(context: {
  readonly runtime: string
  readonly isReference: boolean
  readonly result: OperationResult | undefined
  readonly own: readonly Difference[]
  readonly undeclared: ReadonlySet<Difference>
  readonly steps: readonly Step[]
}): RuntimeVerdict {
  const { runtime, isReference, result, own, steps } = context
  const undeclared = own.filter((difference) => context.undeclared.has(difference))
  const declared = own.filter((difference) => !context.undeclared.has(difference))
  const clean = isReference ? 'reference' : 'same'
  const outcome = undeclared.length > 0 ? 'differs' : declared.length > 0 ? 'known' : clean
  const medianMillis = exactMedian(result?.durationsMillis ?? [])
  const serverSpan = readServerSpan(steps, runtime)
  return { runtime, outcome, undeclared, declared, medianMillis, serverSpan }
}

function readServerSpan(steps: readonly Step[], runtime: string): RuntimeVerdict['serverSpan'] {
  for (const step of steps) {
    const node = step.spans.get(runtime)
    if (node === undefined || node.span.kind !== SpanKind.server) continue
    const nanos = node.span.endNanos - node.span.startNanos
    return { millis: Number(nanos) / 1e6, clock: readClockTrust(node.resource.attributes) }
  }
  return null
}
