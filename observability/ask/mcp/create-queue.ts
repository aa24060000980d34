import { AskError } from '../ask-collector.ts'

/** Does work in the order in which it comes, and only so much of it at one time. */
export type Queue = { run<T>(work: () => Promise<T>): Promise<T> }

/** What one answer reads is in memory until it is given. */
const runningMax = 4

/** Of more, the next is told to come again. */
const waitingMax = 256

/** Four at a time; the rest waits. Rejects when too many wait. */
export function createQueue(): Queue {
  const waiting: (() => void)[] = []
  let running = 0
  return {
    async run(work) {
      if (waiting.length >= waitingMax)
        throw new AskError(`${waitingMax} questions wait already: ask again in a moment`)
      if (running >= runningMax) await new Promise<void>((resolve) => waiting.push(resolve))
      else running += 1
      try {
        return await work()
      } finally {
        const next = waiting.shift()
        // The next takes the place of this one.
        if (next === undefined) running -= 1
        else next()
      }
    },
  }
}
