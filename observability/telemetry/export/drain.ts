/** Sends items away in batches, when told to, and never throws. */
export type Drain<T> = {
  /** Keeps an item until the next drain; drops and counts it when the queue is full. */
  push(item: T): void
  /**
   * Sends what waits, batch after batch, and resolves when it is sent, cannot be, or has taken `drainMillisMax`.
   * Sends nothing while an outage is being waited out, unless `force` says to try all the same.
   */
  drain(force?: boolean): Promise<void>
  /** Items waiting. */
  readonly size: number
  /** Items dropped, because the queue was full or the receiver refused them, which no recovery has told of yet. */
  readonly dropped: number
  /** Milliseconds until the next attempt, after a failure; else 0. */
  readonly heldMillis: number
}

/** What waits, in the order in which it came, as far as there is room for it. */
export type Queue<T, B extends { readonly size: number }> = {
  /** @returns Whether there was room. */
  push(item: T): boolean
  /** Takes the oldest out, at most so many of them. */
  take(max: number): B | undefined
  /**
   * Puts what was taken before all that waits; of what has no room, the newest is dropped.
   *
   * @returns How many there was room for.
   */
  putBack(batch: B): number
  readonly size: number
}

/** How a drain sends, and when it may send again. */
export type DrainOptions<T, B extends { readonly size: number }> = {
  readonly queue: Queue<T, B>
  /** Sends one batch; rejects when it did not arrive. Must settle within a bounded time. */
  readonly send: (batch: B) => Promise<void>
  /** Whether the same batch may be sent again after this error. */
  readonly isRetryable: (error: unknown) => boolean
  readonly batchMax: number
  /** Milliseconds after which a drain begins no further batch. */
  readonly drainMillisMax: number
  /** Told once when an outage begins, and once when it is over with what was lost meanwhile. Must not throw. */
  readonly onOutage: (error: unknown) => void
  readonly onRecovery: (dropped: number) => void
  /** Milliseconds, of any origin. */
  readonly now: () => number
}

const holdMillisMin = 500
const holdMillisMax = 30_000

/**
 * A queue that is emptied on demand.
 *
 * It exists because the SDK's batch processors own a timer and a promise, and on Workers neither may outlive the
 * request that made it. This one owns neither: whoever calls `drain` takes what is there and sends it, and two
 * callers never wait for each other. After a failure it holds back for a while, twice as long each time, so that a
 * collector that is down costs next to nothing; what waits is sent when it is back.
 */
export function createDrain<T, B extends { readonly size: number }>(
  options: DrainOptions<T, B>,
): Drain<T> {
  const { now, queue, batchMax } = options
  let dropped = 0
  /** 0 when the last batch got through. */
  let holdMillis = 0
  let heldUntil = Number.NEGATIVE_INFINITY

  function fail(batch: B, error: unknown): void {
    const { size } = batch
    dropped += size - (options.isRetryable(error) ? queue.putBack(batch) : 0)
    if (holdMillis === 0) options.onOutage(error)
    // Drains that overlap fail of one cause, which must not count twice.
    if (now() < heldUntil) return
    holdMillis = Math.min(Math.max(holdMillis * 2, holdMillisMin), holdMillisMax)
    heldUntil = now() + holdMillis
  }

  function succeed(): void {
    if (holdMillis === 0) return
    holdMillis = 0
    heldUntil = Number.NEGATIVE_INFINITY
    options.onRecovery(dropped)
    dropped = 0
  }

  return {
    push(item) {
      let isTaken = false
      try {
        isTaken = queue.push(item)
      } catch {
        // What cannot be written, for it is not what its types promise, must not fail who made it.
      }
      if (!isTaken) dropped += 1
    },
    async drain(force = false) {
      if (!force && now() < heldUntil) return
      const endMillis = now() + options.drainMillisMax
      // What arrives while this one sends is left for the next: a drain must end even under load.
      for (let left = queue.size; left > 0 && now() < endMillis; ) {
        const batch = queue.take(Math.min(batchMax, left))
        if (batch === undefined) return
        left -= batch.size
        try {
          await options.send(batch)
        } catch (error) {
          fail(batch, error)
          return
        }
        succeed()
      }
    },
    get size() {
      return queue.size
    },
    get dropped() {
      return dropped
    },
    get heldMillis() {
      return Math.max(0, heldUntil - now())
    },
  }
}
