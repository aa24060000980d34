import { collectorStatusSchema } from '../../wire/status.ts'
import { defineTool } from './define-tool.ts'

/** The time by the collector's clock, to compare what comes after it with what came before. */
export const mark = defineTool({
  name: 'mark',
  title: 'Mark now',
  description:
    'Gives a mark of this moment. Mark before a change, make requests, then ask compare with since; or give the mark as start to operations, find_traces or logs. Nothing is stored.',
  input: {},
  async answer(collector) {
    const { startTime, uptimeSeconds, stored } = await collector.ask(
      '/api/status',
      {},
      collectorStatusSchema,
    )
    const now = new Date(Date.parse(startTime) + uptimeSeconds * 1_000).toISOString()
    const data = { mark: now, traces: stored.traces }
    return { data, text: `mark: ${now} (${stored.traces} traces are stored)`, outcome: 'found' }
  },
})
