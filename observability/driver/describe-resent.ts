import type { PlayedRequest } from './play/play-round.ts'

/** A server may close a kept connection, but if one does so often the reader should know. */
export function describeResent(played: readonly PlayedRequest[]): readonly string[] {
  return [...Map.groupBy(played, ({ runtime }) => runtime)].flatMap(([runtime, requests]) => {
    const count = requests.filter(({ isResent }) => isResent).length
    if (count === 0) return []
    return [
      `${runtime}: ${count} of ${requests.length} requests were sent again, because the connection kept for them was closed just as they were sent`,
    ]
  })
}
