const [second, minute, hour, day] = [1_000, 60_000, 3_600_000, 86_400_000] as const

/** Lengths by which people count time, from a second to four weeks, in milliseconds. */
export const clockSteps: readonly number[] = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 2, 7, 14, 28].map((n) => n * day),
]
