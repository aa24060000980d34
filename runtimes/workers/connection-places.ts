/** Places for connections, which requests that cannot share a connection take instead of one. */
export type ConnectionPlaces = {
  /** Resolves when the holder has a place; rejects after `waitMillisMax` without one, and after `leave`. */
  take(holder: object): Promise<void>
  /** Gives back what the holder has, for good: one of its statements may still be waiting. */
  leave(holder: object): void
}

/** As long as workerd lets a request run on whose client has gone. */
const holdMillisMax = 30_000

/**
 * Bounds the connections that one isolate holds at one time, as a pool does in a process.
 *
 * Waiting requests poll with their own timers: an aborted request of workerd would never take a place handed to it. It
 * would not return its own either, so a place is free again after a time.
 */
export function createConnectionPlaces(max: number, waitMillisMax: number): ConnectionPlaces {
  const heldUntil = new Map<object, number>()
  const left = new WeakSet<object>()
  return {
    async take(holder) {
      for (
        const deadline = Date.now() + waitMillisMax;
        Date.now() < deadline && !left.has(holder);
      ) {
        const now = Date.now()
        for (const [other, until] of heldUntil) if (until < now) heldUntil.delete(other)
        if (heldUntil.has(holder) || heldUntil.size < max) {
          heldUntil.set(holder, now + holdMillisMax)
          return
        }
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      throw new Error('no connection was free in time')
    },
    leave(holder) {
      left.add(holder)
      heldUntil.delete(holder)
    },
  }
}
