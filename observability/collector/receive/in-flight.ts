/**
 * Counts what all requests together hold in memory, so that many at once are told to
 * come back later instead of filling it.
 */
export type InFlight = {
  /** A place for one request, or `undefined` when all are taken. */
  enter(): Lease | undefined
  readonly requests: number
  readonly bytes: number
}

export type Lease = {
  /** False, and nothing is taken, when the bytes of all leases together would pass the bound. */
  take(bytes: number): boolean
  /** Gives everything back. Safe to call twice. */
  leave(): void
}

export function createInFlight(bounds: {
  readonly inFlightBytesMax: number
  readonly inFlightRequestsMax: number
}): InFlight {
  let requests = 0
  let bytes = 0

  return {
    get requests() {
      return requests
    },
    get bytes() {
      return bytes
    },
    enter() {
      if (requests >= bounds.inFlightRequestsMax) return undefined
      requests += 1
      let taken = 0
      let left = false
      return {
        take(count) {
          if (bytes + count > bounds.inFlightBytesMax) return false
          bytes += count
          taken += count
          return true
        },
        leave() {
          if (left) return
          left = true
          requests -= 1
          bytes -= taken
        },
      }
    },
  }
}
