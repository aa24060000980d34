import type { AnswerRules } from '../../comparison/differences/answer-rules.ts'
import type { Answer } from '../../comparison/differences/answers.ts'
import type { JsonValue } from '../../comparison/differences/body-differences.ts'
import type {
  KnownDifference,
  OccasionalDifference,
} from '../../comparison/differences/known-differences.ts'
import type { VolatileRule } from '../../comparison/differences/volatile-rules.ts'

/**
 * What every runtime is asked, and what may differ in how it does it.
 *
 * A scenario file has one as its default export:
 *
 *     export default { name: 'pets', operations: [{ name: 'list', request: { path: '/pets' } }] }
 *
 * See docs/compare.md for a longer one.
 */
export type Scenario = {
  readonly name: string
  /** 1 to `operationsMax`, each of another name. Their order is that of the report. */
  readonly operations: readonly ScenarioOperation[]
  /** Attribute values that may differ, besides those that differ whatever the program does. */
  readonly volatile?: readonly VolatileRule[]
  /** Headers that clients rely on and parts of bodies that may differ, besides the usual ones. */
  readonly answers?: Partial<AnswerRules>
  /** What may come or not by chance on any runtime. */
  readonly occasional?: readonly OccasionalDifference[]
  /** What is known to differ, beside what the list of runtimes says. */
  readonly known?: readonly KnownDifference[]
}

export type ScenarioOperation = {
  readonly name: string
  /** A function where the request depends on what was remembered. */
  readonly request: ScenarioRequest | ((memory: Memory) => ScenarioRequest)
  /**
   * Operations played before it, in that order, in the same memory: unmeasured and untraced, so
   * that each measured request stands alone and none waits for another.
   */
  readonly after?: readonly string[]
  /** The status that is right. Defaults to any below 400, so an operation that is to fail says with what. */
  readonly expects?: number
  /** What is worth remembering of an answer; not called when none came. */
  readonly remember?: (answer: Answer, memory: Memory) => Memory
  /** Takes back what the operation left behind, unmeasured; `null` when there is nothing to. */
  readonly undo?: (memory: Memory) => ScenarioRequest | null
}

export type ScenarioRequest = {
  /** Defaults to `GET`. */
  readonly method?: string
  /** From the root of the target, such as `/pets?limit=1`. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /** A text is sent as it is, anything else as JSON; `content-type` is JSON unless it is given. */
  readonly body?: string | JsonValue
}

/** What one chain of operations has learnt, such as the path of what it made. */
export type Memory = Readonly<Record<string, string>>

export const operationsMax = 100
