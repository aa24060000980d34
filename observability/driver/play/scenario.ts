import type { AnswerRules } from '../../comparison/differences/answer-rules.ts'
import type { Answer } from '../../comparison/differences/answers.ts'
import type { JsonValue } from '../../comparison/differences/compare-bodies.ts'
import type {
  KnownDifference,
  OccasionalDifference,
} from '../../comparison/differences/known-differences.ts'
import type { VolatileRule } from '../../comparison/differences/volatile-rules.ts'

/**
 * The requests for every target, and the accepted differences.
 *
 * The default export of a scenario file:
 *
 *     export default { name: 'pets', operations: [{ name: 'list', request: { path: '/pets' } }] }
 *
 * See docs/compare.md for a longer one.
 */
export type Scenario = {
  readonly name: string
  /** 1 to `operationsMax`, each of another name. Their order is that of the report. */
  readonly operations: readonly ScenarioOperation[]
  /** Attribute values that may differ, in addition to the built-in rules. */
  readonly volatile?: readonly VolatileRule[]
  /** Headers that clients rely on and parts of bodies that may differ, in addition to the built-in rules. */
  readonly answers?: Partial<AnswerRules>
  /** Differences that may come and go by chance on any runtime. */
  readonly occasional?: readonly OccasionalDifference[]
  /** Known differences, in addition to those of the list of runtimes. */
  readonly known?: readonly KnownDifference[]
}

/** One kind of request, which is measured on every target. */
export type ScenarioOperation = {
  readonly name: string
  /** A function where the request depends on what was remembered. */
  readonly request: ScenarioRequest | ((memory: Memory) => ScenarioRequest)
  /**
   * Operations played before it, in that order, with the same memory: unmeasured and untraced, so that each measured
   * request stands alone and does not wait for another.
   */
  readonly after?: readonly string[]
  /** The status that is right. Defaults to any below 400, so an operation that is to fail says with what. */
  readonly expects?: number
  /** Extracts the values worth remembering from an answer; not called without an answer. */
  readonly remember?: (answer: Answer, memory: Memory) => Memory
  /** Takes back what the operation left behind, unmeasured; `null` when there is nothing to. */
  readonly undo?: (memory: Memory) => ScenarioRequest | null
}

/** A request as a scenario writes it. */
export type ScenarioRequest = {
  /** Defaults to `GET`. */
  readonly method?: string
  /** From the root of the target, such as `/pets?limit=1`. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /** A text is sent as it is, anything else as JSON; `content-type` is JSON unless it is given. */
  readonly body?: string | JsonValue
}

/** Values that one chain of operations has learnt, such as the path of a created resource. */
export type Memory = Readonly<Record<string, string>>

/** Operations of one scenario. A report has one column or row for each. */
export const operationsMax = 100
