import * as v from 'valibot'
import type { CollectorQuestions } from '../ask-collector.ts'
import type { Tool, ToolAnswer } from './tool.ts'

/** A tool whose arguments are checked before it is asked. */
export function defineTool<Entries extends v.ObjectEntries>(tool: {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly input: Entries
  readonly answer: (
    collector: CollectorQuestions,
    given: v.InferOutput<v.StrictObjectSchema<Entries, undefined>>,
  ) => Promise<ToolAnswer>
}): Tool {
  const input = v.strictObject(tool.input)
  return {
    ...tool,
    input,
    answer: async (collector, given) => tool.answer(collector, v.parse(input, given)),
  }
}
