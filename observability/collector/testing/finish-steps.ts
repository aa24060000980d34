import type { Steps } from '../query/turns.ts'

/** What work gives that nobody interrupts. */
export function finishSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}
