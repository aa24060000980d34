/** What a list of traces may be sorted by: the newest, the longest, or those of the most spans first. */
export const traceSorts = ['time', 'duration', 'spans'] as const

export type TraceSort = (typeof traceSorts)[number]

/** A number by which traces are in order, the greatest first. Among equals the newest comes first. */
export function readTraceOrder(
  sort: TraceSort,
  trace: {
    readonly startNanos: bigint
    /** From the earliest start to the latest end; 0 when a clock went backwards in between. */
    readonly durationNanos: bigint
    readonly spanCount: number
  },
): bigint {
  if (sort === 'time') return trace.startNanos
  const first = sort === 'duration' ? trace.durationNanos : BigInt(trace.spanCount)
  return first * nanosMax + trace.startNanos
}

/** OTLP's times have 64 bits. */
const nanosMax = 2n ** 64n
