/**
 * Counts what all requests together hold in memory, so that many at once are told to
 * come back later instead of filling it.
 *
 * Where there is no room, the body that arrives most slowly gives way, if it has been arriving for
 * longer than `bodyGraceMillis`: whoever sends a byte now and then must not keep others from sending.
 */
export type InFlight = {
  /** A place for one request, or `undefined` when all are taken by bodies that arrive in good time. */
  enter(): Lease | undefined
  readonly requests: number
  readonly bytes: number
}

/** The place of one request among those whose bodies are in memory. */
export type Lease = {
  /** False, and nothing is taken, when the bytes of all leases together would pass the bound. */
  take(bytes: number): boolean
  /** Lets it be ended for others, by a call, until it is told `null`: what has arrived whole is not. */
  giveWay(end: (() => void) | null): void
  /** Gives everything back. Safe to call twice. */
  leave(): void
}

type Held = { readonly sinceMillis: number; bytes: number; end: (() => void) | null }

/**
 * @param bounds Bytes and requests of all leases together, and how long a body may arrive before it can be ended for
 *   others.
 * @param nowMillis A clock that only goes forward.
 */
export function createInFlight(
  bounds: {
    readonly inFlightBytesMax: number
    readonly inFlightRequestsMax: number
    readonly bodyGraceMillis: number
  },
  nowMillis: () => number,
): InFlight {
  const all = new Set<Held>()
  let bytes = 0

  function leave(held: Held): void {
    if (all.delete(held)) bytes -= held.bytes
  }

  /** Ends the slowest of the others; false when none is slow. */
  function makeRoom(own: Held | undefined): boolean {
    let slowest: Held | undefined
    let least = Number.POSITIVE_INFINITY
    for (const held of all) {
      const millis = nowMillis() - held.sinceMillis
      if (held === own || held.end === null || millis < bounds.bodyGraceMillis) continue
      const rate = held.bytes / millis
      if (rate >= least) continue
      least = rate
      slowest = held
    }
    if (slowest === undefined) return false
    leave(slowest)
    slowest.end?.()
    return true
  }

  return {
    get requests() {
      return all.size
    },
    get bytes() {
      return bytes
    },
    enter() {
      if (all.size >= bounds.inFlightRequestsMax && !makeRoom(undefined)) return undefined
      const held: Held = { sinceMillis: nowMillis(), bytes: 0, end: null }
      all.add(held)
      return {
        take(count) {
          while (bytes + count > bounds.inFlightBytesMax) if (!makeRoom(held)) return false
          bytes += count
          held.bytes += count
          return true
        },
        giveWay(end) {
          held.end = end
        },
        leave: () => leave(held),
      }
    },
  }
}
