import { type ReadonlySignal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { losses } from '../collector.ts'
import { shownRun } from '../shown-run.ts'
import type { Asked } from './ask.ts'
import { poll } from './poll.ts'

/** The state of a query that is repeated. */
export type Polled<T> = {
  /** The last answer, which stays while the collector is silent. */
  readonly value: T | undefined
  /** The reason, if there is no answer. */
  readonly problem: string | undefined
}

/** Asks as long as it is shown; another `key` is another question. */
export function usePolled<T>(
  key: string,
  ask: (signal: AbortSignal) => Promise<Asked<T>>,
  everyMillis: number,
): ReadonlySignal<Polled<T>> {
  const state = useSignal<Polled<T>>({ value: undefined, problem: undefined })
  const lost = losses.value
  useEffect(
    () =>
      poll(async (stop) => {
        const answer = await ask(stop)
        if (stop.aborted) return
        if (answer.kind === 'answer') state.value = { value: answer.value, problem: undefined }
        if (answer.kind === 'problem') state.value = { value: undefined, problem: answer.detail }
      }, everyMillis),
    [key, lost, shownRun.value],
  )
  return state
}
