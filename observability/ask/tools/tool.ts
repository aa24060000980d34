import type * as v from 'valibot'
import type { CollectorQuestions } from '../ask-collector.ts'

/** A question that can be asked of what a collector has stored, over MCP and as a command. */
export type Tool = {
  /** As assistants call it. */
  readonly name: string
  readonly title: string
  /** What it answers and when to ask it; every client shows this to its model. */
  readonly description: string
  readonly input: v.GenericSchema<Readonly<Record<string, unknown>>>
  /**
   * @param given Not checked yet.
   * @throws ValiError when `given` is not of `input`; AskError for what cannot be answered.
   */
  answer(collector: CollectorQuestions, given: unknown): Promise<ToolAnswer>
}

/** An answer in two forms of one content. */
export type ToolAnswer = {
  /** As plain data, for a program. */
  readonly data: unknown
  /** For a reader: short lines, with each text of telemetry inside quotes. */
  readonly text: string
  /** Whether nothing was found, or a comparison found a difference. */
  readonly outcome: 'found' | 'nothing' | 'different'
}
