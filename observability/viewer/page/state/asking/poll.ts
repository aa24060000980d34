import { effect, signal, untracked } from '@preact/signals'
import { connection } from './connection.ts'

/** Set by the reader: nothing is asked for again while it is true. */
export const paused = signal(false)

/** Whether the page is visible; a hidden page sends no queries. */
const visible = signal(true)

/** Counts up to have everything asked again at once. */
const nudges = signal(0)

if (typeof document !== 'undefined') {
  const note = () => {
    visible.value = document.visibilityState === 'visible'
  }
  document.addEventListener('visibilitychange', note)
  note()
}

/** Makes every poll run at once. */
export function askAgainNow(): void {
  nudges.value += 1
}

/** A question costs the collector at most this part of its time. */
const restFactor = 4

/**
 * Runs a task now and again after each rest, until it is stopped.
 *
 * Never two at a time. The rest grows with the task's duration, so that a busy collector is asked less often. While the
 * page is hidden the task does not run. While it is paused, it runs once and then holds still.
 *
 * @returns Stops it, and aborts a running task.
 */
export function poll(
  task: (signal: AbortSignal) => Promise<void>,
  everyMillis: number,
): () => void {
  let hasRun = false
  return effect(() => {
    // Read so that a change of any starts or stops the loop.
    void nudges.value
    const isPaused = paused.value
    if (!visible.value || (isPaused && hasRun)) return
    const stopped = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const run = async () => {
      const began = performance.now()
      await task(stopped.signal)
      if (stopped.signal.aborted) return
      hasRun ||= connection.peek().state === 'connected'
      if (isPaused && hasRun) return
      // A collector that has gone is no collector under load: it may be back in an instant.
      const isLost = connection.peek().state === 'lost'
      const rest = isLost ? 0 : (performance.now() - began) * restFactor
      timer = setTimeout(() => void run(), Math.max(everyMillis, rest))
    }
    // The task's own reading of signals starts nothing again.
    untracked(() => void run())
    return () => {
      clearTimeout(timer)
      stopped.abort()
    }
  })
}
