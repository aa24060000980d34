import { QueryProblem } from './problem.ts'

/** Work that may be interrupted wherever it yields, so that nobody has to wait for all of it. */
export type Steps<T> = Generator<undefined, T, undefined>

/** Does long work a little at a time, so that telemetry and `/ready` come first whatever is asked. */
export type Turns = {
  /**
   * What the work gives, or `undefined` when nobody wants it any more.
   *
   * @param isWanted Asked before each turn.
   * @throws QueryProblem 503 for work that takes many turns, when there is enough of that, and for
   *   any when the queue is full; and what the work throws.
   */
  run<T>(steps: Steps<T>, isWanted: () => boolean): Promise<T | undefined>
}

/** One after the other for so long; then what has come in meanwhile is received. */
const turnMillisMax = 10

/** Nothing more is begun while so much waits for its turn: connections are bounded, what comes over one is not. */
const waitingMax = 1_000

/** What has had more turns than this is long. */
const shortTurnsMax = 5

/** Everything under way gets a turn in its order, so that what is short does not wait for what is long. */
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
