import type { TimeParts } from '../../../comparison/latency/time-parts.ts'
import type { ReportOperation, ReportStep } from '../../../comparison/report/report-schema.ts'
import type { ClockTrust } from '../../../comparison/trace/clock-trust.ts'

/**
 * One operation as several took it: what the page's Compare view makes of traces, and the report of
 * compare.json. One set of components shows both.
 */
export type ComparedOperation = {
  readonly name: string
  /** The reference first. */
  readonly lanes: readonly ComparedLane[]
  /** Rows of the traces laid over each other; a span's `runtime` is the name of its lane. */
  readonly steps: readonly ReportStep[]
  /** How many steps there are beyond those; a report says it elsewhere. */
  readonly stepsLeftOut?: number
  readonly logs: ReportOperation['logs']
  readonly differences: readonly ComparedDifference[]
}

/** One runtime, or one of several traces of the same one. */
export type ComparedLane = {
  /** Unique. */
  readonly name: string
  /** Name by which its colour is assigned. */
  readonly runtime: string
  /** Clock of its spans. */
  readonly clock: ClockTrust
  /** Clock of `durationsMillis`. */
  readonly durationClock: ClockTrust
  /** Link to its trace; `null` in a report. */
  readonly traceHref: string | null
  /** Durations of the repetitions, in milliseconds. */
  readonly durationsMillis: readonly number[]
  /** Mean parts of the time; `null` if unknown. */
  readonly time: { readonly parts: TimeParts; readonly totalMillis: number } | null
  /** The latency verdict as a sentence; `null` without a verdict. */
  readonly verdict: string | null
}

/** One difference of a lane from the reference. */
export type ComparedDifference = {
  readonly lane: string
  /** Index of the step it is on; `null` for the whole trace, or the answer. */
  readonly step: number | null
  readonly kind: string
  /** Key, name or header that differs. */
  readonly subject: string
  /** The difference in words, without its path. */
  readonly text: string
  /** The declared reason; `null` without a declaration. */
  readonly reason: string | null
}
