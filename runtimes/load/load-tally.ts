import { exactQuantiles } from '../../observability/comparison/statistics/exact-quantile.ts'
import type { PlayedRequest } from '../../observability/driver/play/play-round.ts'

/** The outcomes of the requests in an interval, by target. */
export type LoadTally = {
  add(
    request: Pick<PlayedRequest, 'runtime' | 'answer' | 'error' | 'fault' | 'sentAt' | 'endedAt'>,
  ): void
  skip(target: string): void
  /** Whether anything has been answered, with whatever. */
  hasAnswer(): boolean
  /** A line for each target, in their order, and begins anew. */
  takeLines(seconds: number): readonly string[]
  /** Targets on which nothing ever worked; an error does not, though the scenario may expect it. */
  listBroken(): readonly string[]
}

type Count = { millis: number[]; failed: number; skipped: number }

/** A request that could not be sent, got no answer, or got an unexpected error counts as a failure. */
export function createLoadTally(targets: readonly string[]): LoadTally {
  const counts = new Map<string, Count>()
  const working = new Set<string>()
  let isAnswered = false
  const width = Math.max(...targets.map((name) => name.length))

  function countOf(target: string): Count {
    const count = counts.get(target) ?? { millis: [], failed: 0, skipped: 0 }
    counts.set(target, count)
    return count
  }

  return {
    add({ runtime, answer, error, fault, sentAt, endedAt }) {
      const count = countOf(runtime)
      if (answer !== null) isAnswered = true
      count.millis.push(endedAt - sentAt)
      if (error !== null || fault !== null) count.failed += 1
      else if (answer !== null && answer.status < 400) working.add(runtime)
    },
    skip(target) {
      countOf(target).skipped += 1
    },
    hasAnswer: () => isAnswered,
    takeLines(seconds) {
      const lines = targets.map(
        (name) => `${name.padEnd(width)}  ${render(countOf(name), seconds)}`,
      )
      counts.clear()
      return lines
    },
    listBroken: () => targets.filter((name) => !working.has(name)),
  }
}

function render({ millis, failed, skipped }: Count, seconds: number): string {
  const [p50, p95] = exactQuantiles(millis, [0.5, 0.95])
  const times =
    p50 === undefined || p95 === undefined
      ? []
      : [`p50 ${p50.toFixed(1)} ms`, `p95 ${p95.toFixed(1)} ms`]
  return [
    `${millis.length} requests`,
    `${(millis.length / seconds).toFixed(1)} a second`,
    ...times,
    `${failed} failed`,
    ...(skipped === 0 ? [] : [`${skipped} not sent, too many were without an answer`]),
  ].join(', ')
}
