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
    const { startTime, endTime, trafficMillis, leftOut } = found
    const shown = found.operations.slice(skip, skip + limit)
    const left = found.operations.length + found.moreOperations - skip - shown.length
    const times = { startTime, endTime, trafficMillis, leftOut }
    const data = { ...times, operations: shown, moreOperations: left }
    return {
      data,
      text: fitLines(renderNumbers(data, skip), bytesMax, 'ask for fewer by limit'),
      outcome: shown.length === 0 ? 'nothing' : 'found',
    }
  },
})

type Shown = Pick<
  Overview,
  'startTime' | 'endTime' | 'trafficMillis' | 'leftOut' | 'operations' | 'moreOperations'
>

function renderNumbers(
  { startTime, endTime, trafficMillis, leftOut, operations: shown, moreOperations }: Shown,
  skip: number,
): readonly string[] {
  if (shown.length === 0) return ['no request is stored: ask overview for what is']
  const seconds = Math.max(1, trafficMillis / 1_000)
  const left = leftOut.unfinished + leftOut.impossible + leftOut.old
  return [
    `requests from ${startTime} to ${endTime}; the last came ${renderMillis(trafficMillis)} after the first, and rates are over that time`,
    ...shown.map((one) => renderLine(one, seconds)),
    ...(moreOperations > 0 ? [`${moreOperations} more: skip ${skip + shown.length}`] : []),
    ...(left > 0
      ? [
          `left out: ${leftOut.unfinished} requests without an end, ${leftOut.impossible} with impossible times, ${leftOut.old} older than 30 days`,
        ]
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
