import { exactQuantiles } from '../statistics/exact-quantile.ts'
import type { ClockTrust } from '../trace/clock-trust.ts'
import { type TimePartName, type TimeParts, timePartNames } from './time-parts.ts'

/** One request that was measured and whose trace arrived. */
export type PartedRequest = {
  readonly clientMillis: number
  readonly parts: TimeParts
  readonly clock: ClockTrust
}

/** The parts of an operation's time on one runtime. */
export type TimeBreakdown = {
  /** How many requests the means are of. */
  readonly count: number
  /** The least trustworthy of the clocks that took part. */
  readonly clock: ClockTrust
  /** Mean of what the client saw; the sum of the parts. */
  readonly clientMillis: number
  readonly parts: TimeParts
  /** By round; `null` for requests that are not in the middle half. For intervals. */
  readonly byRound: readonly (PartedRequest | null)[]
}

/** The least trustworthy first. */
export const clocksByTrust: readonly ClockTrust[] = ['unknown', 'io-only', 'millisecond', 'precise']

/**
 * The mean of each part over the middle half of the requests, by what the client saw.
 *
 * Medians of parts do not add up to the median of the whole, means do; and the middle half keeps
 * the one request that met a pause of something else from deciding where time goes.
 *
 * @param byRound `null` where a round was not measured or its trace did not arrive.
 */
export function breakDownTime(byRound: readonly (PartedRequest | null)[]): TimeBreakdown | null {
  const present = byRound.filter((request) => request !== null)
  const [low, high] = exactQuantiles(
    present.map(({ clientMillis }) => clientMillis),
    [0.25, 0.75],
  )
  if (low === undefined || high === undefined) return null
  const isInside = ({ clientMillis }: PartedRequest) => clientMillis >= low && clientMillis <= high
  const middle = present.filter(isInside)
  // With two values, neither is between their quartiles.
  const kept = middle.length > 0 ? middle : present
  const mean = (read: (request: PartedRequest) => number) =>
    kept.reduce((sum, request) => sum + read(request), 0) / kept.length
  const clock = clocksByTrust.find((trust) => kept.some((request) => request.clock === trust))
  return {
    count: kept.length,
    clock: clock ?? 'unknown',
    clientMillis: mean((request) => request.clientMillis),
    parts: mapParts((name) => mean(({ parts }) => parts[name])),
    byRound: byRound.map((request) =>
      request !== null && (isInside(request) || middle.length === 0) ? request : null,
    ),
  }
}

function mapParts(read: (name: TimePartName) => number): TimeParts {
  const [network, server, wait, connect, database] = timePartNames.map(read)
  return {
    network: network ?? 0,
    server: server ?? 0,
    wait: wait ?? 0,
    connect: connect ?? 0,
    database: database ?? 0,
  }
}
