import type { PlayedRequest } from './play-round.ts'

/** What a reader must know of single requests, a sentence for each thing and place. */
export function describeMishaps(played: readonly PlayedRequest[]): readonly string[] {
  return [...describeSetups(played), ...describeResent(played)]
}

/** A request without what it needs says little of its operation. */
function describeSetups(played: readonly PlayedRequest[]): readonly string[] {
  const groups = Map.groupBy(played, ({ operation, runtime }) => `${operation} on ${runtime}`)
  return [...groups].flatMap(([where, requests]) => {
    const reasons = requests.flatMap(({ setup }) => setup ?? [])
    if (reasons.length === 0) return []
    const often = `${reasons.length} of ${requests.length} times`
    return [`${where}: what it needs could not be made ${often}: ${reasons[0]}`]
  })
}

/** A server may close a connection that it kept, but one that does so often has something to explain. */
function describeResent(played: readonly PlayedRequest[]): readonly string[] {
  return [...Map.groupBy(played, ({ runtime }) => runtime)].flatMap(([runtime, requests]) => {
    const count = requests.filter(({ isResent }) => isResent).length
    if (count === 0) return []
    return [
      `${runtime}: ${count} of ${requests.length} requests were sent again, because the connection kept for them was closed just as they were sent`,
    ]
  })
}
