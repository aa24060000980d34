import type { LatencySample } from '../latency/latency-verdict.ts'
import { breakDownTime } from '../latency/time-breakdown.ts'
import { readTimeParts } from '../latency/time-parts.ts'
import { hasTrustedTimes } from '../latency/trusted-times.ts'
import type { TraceTree } from '../trace/trace-tree.ts'

/** The measured facts of one operation on one runtime. */
export type PlayedFacts = {
  readonly operation: string
  readonly runtime: string
  readonly method: string
  readonly path: string
  readonly coldMillis: number | null
  /** By round: from the intended start; `null` where it does not count or no answer came. */
  readonly latencyByRound: readonly (number | null)[]
  /** By round, from sending; in step with `latencyByRound`. */
  readonly clientByRound: readonly (number | null)[]
  /** By round. */
  readonly traceByRound: readonly (TraceTree | null)[]
}

/** For maps. */
export function keyOf({ operation, runtime }: { operation: string; runtime: string }): string {
  return JSON.stringify([operation, runtime])
}

/** The latencies and, where traces arrived, where their time went. */
export function createSample(played: PlayedFacts): LatencySample {
  const { operation, runtime, clientByRound, latencyByRound } = played
  const breakdown = breakDownTime(
    played.traceByRound.map((trace, index) => {
      const clientMillis = clientByRound[index] ?? null
      if (trace === null || clientMillis === null) return null
      if (latencyByRound[index] == null || !hasTrustedTimes({ trace, clientMillis })) return null
      const read = readTimeParts(trace, clientMillis)
      return read && { clientMillis, ...read }
    }),
  )
  return { operation, runtime, millis: latencyByRound, breakdown }
}
