import * as v from 'valibot'
import { parseAttributes } from '../../otlp/from-json/any-value.ts'
import { type LogLine, logPageSchema } from '../../wire/logs.ts'
import { severities } from '../../wire/severity.ts'
import { fitLines } from '../text/fit-lines.ts'
import { quote } from '../text/quote.ts'
import { renderAttributes } from '../text/render-attributes.ts'
import {
  cursorArgument,
  endArgument,
  limitArgument,
  runArgument,
  startArgument,
  traceIdArgument,
  whereArgument,
} from './arguments.ts'
import { defineTool } from './define-tool.ts'

const bytesMax = 8_000

/** Log records, the newest first. */
export const logs = defineTool({
  name: 'logs',
  title: 'Log records',
  description:
    'Lists log records, the newest first: time, severity, event, body, attributes, and trace and span that they belong to. Fields of where are severity, body, event, traceId, spanId and any attribute.',
  input: {
    where: whereArgument,
    severity: v.exactOptional(v.pipe(v.picklist(severities), v.description('This or worse'))),
    traceId: v.exactOptional(traceIdArgument),
    start: startArgument,
    end: endArgument,
    run: runArgument,
    limit: limitArgument(20, 50),
    cursor: cursorArgument,
  },
  async answer(collector, given) {
    const { arrival: _, ...data } = await collector.ask('/api/logs', given, logPageSchema)
    const { logs: records, nextCursor } = data
    return {
      data,
      text:
        records.length === 0
          ? 'no log record matches: ask overview for what is stored, or use fewer conditions'
          : fitLines(
              [
                ...(nextCursor === undefined ? [] : [`nextCursor: ${nextCursor}`]),
                ...records.map(renderRecord),
              ],
              bytesMax,
              'ask for fewer by limit, or by where',
            ),
      outcome: records.length === 0 ? 'nothing' : 'found',
    }
  },
})

function renderRecord({ time, severity, eventName, body, ...record }: LogLine): string {
  return [
    time,
    severity ?? 'no severity',
    `on ${quote(record.runtime ?? 'unknown')}`,
    ...(eventName === null ? [] : [`event ${quote(eventName)}`]),
    quote(typeof body === 'string' ? body : JSON.stringify(body), 300),
    renderAttributes(parseAttributes(record.attributes, 'attributes')),
    record.traceId === null ? 'of no trace' : `trace ${record.traceId}`,
    ...(record.spanId === null ? [] : [`span ${record.spanId}`]),
  ]
    .filter((part) => part !== '')
    .join(' ')
}
