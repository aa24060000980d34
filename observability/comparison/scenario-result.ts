import type { Step } from './alignment.ts'
import type { Answer } from './answers.ts'
import type { ClockTrust } from './clock-trust.ts'
import type { Difference } from './difference.ts'
import type { KnownOutcome } from './known-differences.ts'
import type { TraceTree } from './trace.ts'

/** What came of playing one operation of the scenario on one runtime. */
export type OperationResult = {
  readonly operation: string
  readonly runtime: string
  /** `null` when none came. */
  readonly answer: Answer | null
  /** `null` when none arrived. */
  readonly trace: TraceTree | null
  /** How long each repetition took, by the driver's own clock. */
  readonly durationsMillis: readonly number[]
}

/** One runtime's verdict on one operation. */
export type RuntimeVerdict = {
  readonly runtime: string
  /**
   * `reference` or `same`; `known` when every difference is declared; `differs` otherwise,
   * the reference itself included when it did not answer or left no trace.
   */
  readonly outcome: 'reference' | 'same' | 'known' | 'differs'
  readonly undeclared: readonly Difference[]
  readonly declared: readonly Difference[]
  /** By the driver's clock, the same for all runtimes; `null` when nothing was measured. */
  readonly medianMillis: number | null
  /** The outermost server span, by the runtime's own clock; `null` when there is none. */
  readonly serverSpan: { readonly millis: number; readonly clock: ClockTrust } | null
}

export type OperationComparison = {
  readonly operation: string
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
  /** Every difference, by whether somebody declared it. */
  readonly known: KnownOutcome
}
