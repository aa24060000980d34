/**
 * Says that a destination fails once, and once that it works again, with what it cost.
 * A request that is refused for good is no outage: it is noted at most once a minute.
 */
export type OutageLog = {
  failed(reason: string): void
  succeeded(): void
  refused(reason: string): void
  readonly failingSinceMillis: number | undefined
}

/**
 * @param options.nowMillis Milliseconds since the Unix epoch.
 * @param options.log Takes one sentence for an outage's beginning and one for its end.
 */
export function createOutageLog(options: {
  readonly name: string
  readonly nowMillis: () => number
  readonly log: (line: string) => void
  /** Requests dropped so far because the queue was full. */
  readonly countDropped: () => number
}): OutageLog {
  const { name, nowMillis, log, countDropped } = options
  let outage:
    | { readonly sinceMillis: number; readonly droppedBefore: number; tries: number }
    | undefined
  let refusals = 0
  let refusalNotedMillis = Number.NEGATIVE_INFINITY

  return {
    get failingSinceMillis() {
      return outage?.sinceMillis
    },
    failed(reason) {
      if (outage !== undefined) {
        outage.tries += 1
        return
      }
      outage = { sinceMillis: nowMillis(), droppedBefore: countDropped(), tries: 1 }
      log(`forwarding to ${name} fails (${reason}); keeping what fits and trying again`)
    },
    succeeded() {
      if (outage === undefined) return
      const seconds = ((nowMillis() - outage.sinceMillis) / 1_000).toFixed(1)
      const dropped = countDropped() - outage.droppedBefore
      log(
        `forwarding to ${name} works again after ${seconds} s, ${outage.tries} failed tries and ${dropped} dropped requests`,
      )
      outage = undefined
    },
    refused(reason) {
      refusals += 1
      if (nowMillis() - refusalNotedMillis < refusalNoteMillis) return
      refusalNotedMillis = nowMillis()
      log(`forwarding to ${name}: ${refusals} requests refused for good, the last with ${reason}`)
      refusals = 0
    },
  }
}

const refusalNoteMillis = 60_000
