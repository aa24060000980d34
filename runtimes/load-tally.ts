import { exactQuantiles } from '../observability/comparison/exact-quantile.ts'
import type { PlayedRequest } from '../observability/driver/play-round.ts'

/** What came of a time's requests, by target. */
export type LoadTally = {
  add(request: Pick<PlayedRequest, 'runtime' | 'answer' | 'error' | 'sentAt' | 'endedAt'>): void
  skip(target: string): void
  /** A line for each target, in their order, and begins anew. */
  takeLines(seconds: number): readonly string[]
}

type Count = { millis: number[]; failed: number; skipped: number }

/** A server's error, and no answer at all, is a failure; a 4xx is what the scenario asked for. */
export function createLoadTally(targets: readonly string[]): LoadTally {
  const counts = new Map<string, Count>()
  const width = Math.max(...targets.map((name) => name.length))

  function countOf(target: string): Count {
    const count = counts.get(target) ?? { millis: [], failed: 0, skipped: 0 }
    counts.set(target, count)
    return count
  }

  return {
    add({ runtime, answer, error, sentAt, endedAt }) {
      const count = countOf(runtime)
      count.millis.push(endedAt - sentAt)
      if (error !== null || (answer?.status ?? 0) >= 500) count.failed += 1
    },
    skip(target) {
      countOf(target).skipped += 1
    },
    takeLines(seconds) {
      const lines = targets.map(
        (name) => `${name.padEnd(width)}  ${render(countOf(name), seconds)}`,
      )
      counts.clear()
      return lines
    },
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
