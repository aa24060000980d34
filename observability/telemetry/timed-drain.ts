import type { Drain } from './drain.ts'

export type TimedDrain<T> = Drain<T> & {
  /** Forgets the timer; what waits stays, for a last `drain(true)`. */
  stop(): void
}

/**
 * A drain that empties itself: `delayMillis` after something came, or at once when a batch is full.
 *
 * An idle process has no timer. One round runs at a time; what arrives meanwhile, or could not be sent, is for
 * the next.
 */
export function createTimedDrain<T>(
  drain: Drain<T>,
  options: { readonly delayMillis: number; readonly batchMax: number },
): TimedDrain<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  let draining = false
  let stopped = false

  function arm(millis: number): void {
    if (stopped || draining || timer !== undefined) return
    timer = setTimeout(round, millis)
  }

  async function round(): Promise<void> {
    timer = undefined
    draining = true
    await drain.drain()
    draining = false
    if (drain.size > 0) arm(options.delayMillis)
  }

  return {
    push(item) {
      drain.push(item)
      if (drain.size === options.batchMax) {
        clearTimeout(timer)
        timer = undefined
        arm(0)
      } else {
        arm(options.delayMillis)
      }
    },
    drain: (force) => drain.drain(force),
    stop() {
      stopped = true
      clearTimeout(timer)
      timer = undefined
    },
    get size() {
      return drain.size
    },
    get dropped() {
      return drain.dropped
    },
  }
}
