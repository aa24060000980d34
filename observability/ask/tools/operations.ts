import { renderMillis } from '../../comparison/trace/clock-trust.ts'
import { type OperationNumbers, type Overview, overviewSchema } from '../../wire/overview.ts'
import { fitLines } from '../text/fit-lines.ts'
import { quote } from '../text/quote.ts'
import {
  byArgument,
  endArgument,
  limitArgument,
  runArgument,
  skipArgument,
  startArgument,
} from './arguments.ts'
import { defineTool } from './define-tool.ts'

const bytesMax = 8_000

/** Rate, errors and durations of each operation. */
export const operations = defineTool({
  name: 'operations',
  title: 'Rate, errors and durations',
  description:
    'Lists the operations (server spans) of each runtime, or of each value of an attribute, the most frequent first: requests, rate per second, 4xx, 5xx, p50 and p95 in ms.',
  input: {
    by: byArgument,
    start: startArgument,
    end: endArgument,
    run: runArgument,
    limit: limitArgument(30, 100),
    skip: skipArgument,
  },
  async answer(collector, { limit, skip, ...given }) {
    const found = await collector.ask('/api/overview', { ...given, buckets: 2 }, overviewSchema)
    const { startTime, endTime, leftOut } = found
    const shown = found.operations.slice(skip, skip + limit)
    const left = found.operations.length + found.moreOperations - skip - shown.length
    const data = { startTime, endTime, leftOut, operations: shown, moreOperations: left }
    return {
      data,
      text: fitLines(renderNumbers(data, skip), bytesMax, 'ask for fewer by limit'),
      outcome: shown.length === 0 ? 'nothing' : 'found',
    }
  },
})

type Shown = Pick<Overview, 'startTime' | 'endTime' | 'leftOut' | 'operations' | 'moreOperations'>

function renderNumbers(
  { startTime, endTime, leftOut, operations: shown, moreOperations }: Shown,
  skip: number,
): readonly string[] {
  if (shown.length === 0) return ['no request is stored: ask overview for what is']
  const seconds = Math.max(1, (Date.parse(endTime) - Date.parse(startTime)) / 1_000)
  return [
    `requests from ${startTime} to ${endTime}, ${Math.round(seconds)} s`,
    ...shown.map((one) => renderLine(one, seconds)),
    ...(moreOperations > 0 ? [`${moreOperations} more: skip ${skip + shown.length}`] : []),
    ...(leftOut > 0
      ? [`${leftOut} requests without an end or with impossible times are left out`]
      : []),
  ]
}

function renderLine(one: OperationNumbers, seconds: number): string {
  const { group, runtime, operation, clock, calls, errors4xx, errors5xx } = one
  const own = group === runtime || runtime === null ? '' : ` on ${quote(runtime)}`
  return [
    `${quote(group ?? 'none')}${own} ${quote(operation)}: ${calls} requests, ${(calls / seconds).toFixed(2)}/s`,
    `4xx ${errors4xx}`,
    `5xx ${errors5xx}`,
    `p50 ${renderQuantile(one.p50Millis)}`,
    `p95 ${renderQuantile(one.p95Millis)}`,
    ...(clock === null || clock === 'precise' ? [] : [`clock ${quote(clock)}`]),
  ].join(', ')
}

function renderQuantile(millis: number | null): string {
  return millis === null ? 'unknown: no duration can be trusted' : renderMillis(millis)
}
