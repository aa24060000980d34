import type { Answer } from '../differences/answers.ts'
import type { Difference, Finding } from '../differences/difference.ts'
import type { KnownOutcome } from '../differences/known-differences.ts'
import type { Step } from '../trace/align-traces.ts'
import type { ClockTrust } from '../trace/clock-trust.ts'
import type { TraceTree } from '../trace/trace-tree.ts'

/** One request and what came of it. */
export type Repetition = {
  /** `null` without an answer. */
  readonly answer: Answer | null
  /** `null` if no trace arrived. */
  readonly trace: TraceTree | null
  /** From sending to the last byte by the driver's own clock; `null` when it was not measured. */
  readonly clientMillis: number | null
  /** `false` if the trace's source knows that a clock was set meanwhile. Defaults to `true`. */
  readonly isDurationTrusted?: boolean
  /**
   * `operation.missing` when it was not sent, `answer.unexpected` when its answer is an error that the
   * scenario does not expect. Defaults to neither.
   */
  readonly fault?: Finding | null
}

/** One runtime's results for one operation of the scenario. */
export type OperationResult = {
  readonly operation: string
  readonly runtime: string
  /** In the order in which they were played; a request that failed is one too. */
  readonly repetitions: readonly Repetition[]
}

/** One way in which a runtime took an operation, and how often. */
export type Form = {
  readonly count: number
  /** A repetition of this form whose duration is the median one of them. */
  readonly example: Repetition
  /** Index of `example` among the repetitions. */
  readonly exampleIndex: number
  /** How this form differs from the reference's usual one, declared or not; empty when it does not. */
  readonly findings: readonly Difference[]
}

/** One runtime's verdict on one operation. */
export type RuntimeVerdict = {
  readonly runtime: string
  /**
   * `reference` or `same`; `known` when every difference is declared; `differs` otherwise,
   * the reference itself included when it did not answer or left no trace; `unplayed` when the run
   * ended before anybody played it, so that nothing can be said.
   */
  readonly outcome: 'reference' | 'same' | 'known' | 'differs' | 'unplayed'
  readonly undeclared: readonly Difference[]
  readonly declared: readonly Difference[]
  /** The most frequent first; its example is what `steps` shows. Empty when nothing was played. */
  readonly forms: readonly Form[]
  /** By the driver's clock, the same for all runtimes; `null` when nothing was measured. */
  readonly medianMillis: number | null
  /** Median of the outermost server span, by the runtime's own clock; `null` without a server span. */
  readonly serverSpan: { readonly millis: number; readonly clock: ClockTrust } | null
  /**
   * By path as printed, the milliseconds of that span in every repetition that had it, by the
   * runtime's own clock.
   */
  readonly stepMillis: ReadonlyMap<string, readonly number[]>
}

/** One operation of the scenario, compared over all runtimes. */
export type OperationComparison = {
  readonly operation: string
  /** The usual form of each runtime, laid over each other. */
  readonly steps: readonly Step[]
  /** In the order of `Comparison.runtimes`. */
  readonly verdicts: readonly RuntimeVerdict[]
}

/** The outcome of a whole scenario. */
export type Comparison = {
  readonly reference: string
  /** The reference first, then in the order in which they came. */
  readonly runtimes: readonly string[]
  /** In the order in which they came. */
  readonly operations: readonly OperationComparison[]
  /** Every difference, sorted into known and undeclared. */
  readonly known: KnownOutcome
  /**
   * Deviations that come and go, and are no difference between runtimes: the reference shows them about as often, or a
   * declaration calls them occasional.
   */
  readonly unsteady: readonly Unsteady[]
}

/** A difference that some repetitions show and others do not. */
export type Unsteady = {
  readonly difference: Difference
  /** `null` when it was not declared, but is as frequent on the reference. */
  readonly reason: string | null
}
