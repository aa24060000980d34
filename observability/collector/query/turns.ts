import { QueryProblem } from './problem.ts'

/** Work that can be interrupted at every `yield`, so that other requests need not wait for all of it. */
export type Steps<T> = Generator<undefined, T, undefined>

/** Does long work in small turns, so that telemetry and `/ready` always come first. */
export type Turns = {
  /**
   * Runs the work and gives its result, or `undefined` if the result is no longer wanted.
   *
   * @param isWanted Asked before each turn.
   * @throws QueryProblem 503 for long work when too much of it is under way, and for any work when the queue is full;
   * and any error of the work.
   */
  run<T>(steps: Steps<T>, isWanted: () => boolean): Promise<T | undefined>
}

/** One after the other for so long; then what has come in meanwhile is received. */
const turnMillisMax = 10

/** Nothing more is begun while so much waits for its turn: connections are bounded, what comes over one is not. */
const waitingMax = 1_000

/** Work with more turns than this is long. */
const shortTurnsMax = 5

/** Work under way gets its turns in order, so that short work does not wait for long work. */
export function createTurns(longMax: number): Turns {
  let longCount = 0
  /** Each does its part, and says whether it is done. */
  const queue: (() => boolean)[] = []

  function takeTurn(): void {
    const untilMillis = performance.now() + turnMillisMax
    do {
      const work = queue.shift()
      if (work?.() === false) queue.push(work)
    } while (queue.length > 0 && performance.now() < untilMillis)
    if (queue.length > 0) setImmediate(takeTurn)
  }

  return {
    run(steps, isWanted) {
      return new Promise((resolve, reject) => {
        if (queue.length >= waitingMax) throw tooMany()
        if (queue.length === 0) setImmediate(takeTurn)
        let turnCount = 0
        queue.push(() => {
          try {
            const state = isWanted() ? advance(steps) : { done: true, value: undefined }
            if (!state.done) {
              if (turnCount === shortTurnsMax) {
                if (longCount >= longMax) throw tooMany()
                longCount += 1
              }
              turnCount += 1
              return false
            }
            resolve(state.value)
          } catch (error) {
            reject(error)
          }
          if (turnCount > shortTurnsMax) longCount -= 1
          return true
        })
      })
    },
  }
}

function advance<T>(steps: Steps<T>): { readonly done: boolean; readonly value: T | undefined } {
  const untilMillis = performance.now() + turnMillisMax
  for (;;) {
    const { done, value } = steps.next()
    if (done) return { done, value }
    if (performance.now() >= untilMillis) return { done: false, value: undefined }
  }
}

function tooMany(): QueryProblem {
  const detail = 'too many questions at once, ask again later'
  return new QueryProblem(503, detail, { 'retry-after': '1' })
}
