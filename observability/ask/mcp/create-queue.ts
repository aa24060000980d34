/** Does work in the order in which it comes, and only so much of it at one time. */
export type Queue = { run<T>(work: () => Promise<T>): Promise<T> }

/** @param runningMax How much work is under way at one time; the rest waits. */
export function createQueue(runningMax: number): Queue {
  const waiting: (() => void)[] = []
  let running = 0
  return {
    async run(work) {
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
