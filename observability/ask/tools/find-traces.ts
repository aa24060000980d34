import * as v from 'valibot'
import { renderMillis } from '../../comparison/trace/clock-trust.ts'
import { traceSorts } from '../../wire/spans/trace-order.ts'
import { type TraceSummary, tracePageSchema } from '../../wire/traces.ts'
import { quote } from '../text/quote.ts'
import {
  cursorArgument,
  endArgument,
  limitArgument,
  runArgument,
  startArgument,
  textArgument,
  whereArgument,
} from './arguments.ts'
import { defineTool } from './define-tool.ts'

/** Searches traces, one line each. */
export const findTraces = defineTool({
  name: 'find_traces',
  title: 'Find traces',
  description:
    'Finds traces, newest first or slowest first: id, request, runtime, HTTP status, duration in ms, spans, failed spans. ' +
    'Then ask trace for an outline of one.',
  input: {
    where: whereArgument,
    status: v.exactOptional(
      v.pipe(
        textArgument,
        v.description('ok, error or unset of spans, an HTTP status such as 404, or 4xx, or 5xx'),
      ),
    ),
    sort: v.exactOptional(
      v.pipe(
        v.picklist(traceSorts),
        v.description(
          'time, the newest first; duration, the longest first; or spans, the most first. Without it, time',
        ),
      ),
    ),
    start: startArgument,
    end: endArgument,
    run: runArgument,
    limit: limitArgument(20, 50),
    cursor: cursorArgument,
  },
  async answer(collector, given) {
    const { arrival: _, ...data } = await collector.ask('/api/traces', given, tracePageSchema)
    const { traces, nextCursor } = data
    const more = nextCursor === undefined ? [] : [`nextCursor: ${nextCursor}`]
    return {
      data,
      text:
        traces.length === 0
          ? 'no trace matches: ask overview for what is stored, or use fewer conditions'
          : [...traces.map(renderLine), ...more].join('\n'),
      outcome: traces.length === 0 ? 'nothing' : 'found',
    }
  },
})

function renderLine(trace: TraceSummary): string {
  const { traceId, name, runtime, httpStatus, durationMillis, spanCount, failureCount } = trace
  return [
    traceId,
    trace.startTime,
    quote(name),
    `on ${quote(runtime ?? 'unknown')}`,
    ...(httpStatus === null ? [] : [`HTTP ${httpStatus}`]),
    trace.isDurationTrusted ? renderMillis(durationMillis) : 'duration unknown: a clock was set',
    `${spanCount} spans`,
    ...(failureCount > 0 ? [`${failureCount} failed`] : []),
    ...(trace.logCount > 0 ? [`${trace.logCount} logs`] : []),
  ].join(' ')
}
