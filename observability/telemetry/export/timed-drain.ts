import type { Drain } from './drain.ts'

/** A drain that also sends by itself, for processes that keep running. */
export type TimedDrain<T> = Drain<T> & {
  /**
   * Forgets the timer, and resolves when nothing that the timer began is under way; what waits stays, for a last
   * `drain(true)`.
   */
  stop(): Promise<void>
}

/**
 * A drain that empties itself: `delayMillis` after something came, or at once when a batch is full.
 *
 * An idle process has no timer. One round runs at a time; what arrives meanwhile, or could not be sent, is for
 * the next, which is not before the drain would try again.
 */
export function createTimedDrain<T>(
  drain: Drain<T>,
  options: { readonly delayMillis: number; readonly batchMax: number },
): TimedDrain<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  let round: Promise<void> | undefined
  let stopped = false

  function arm(millis: number): void {
    if (stopped || round !== undefined || timer !== undefined) return
    timer = setTimeout(beginRound, Math.max(millis, drain.heldMillis))
  }

  function beginRound(): void {
    timer = undefined
    round = drain.drain().then(() => {
      round = undefined
      if (drain.size > 0) arm(drain.size < options.batchMax ? options.delayMillis : 0)
    })
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
    async stop() {
      stopped = true
      clearTimeout(timer)
      timer = undefined
      await round
    },
    get size() {
      return drain.size
    },
    get dropped() {
      return drain.dropped
    },
    get heldMillis() {
      return drain.heldMillis
    },
  }
}
