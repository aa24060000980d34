import { type Parameters, readParameter, renderSearch } from '../state/address.ts'
import { readTimes } from '../state/read-times.ts'
import { addRun, shownRun } from '../state/shown-run.ts'
import type { ListWish } from './live-list.ts'

/** What a list asks for, by the parameters of its view. */
export type ListQuestion = {
  /** Another one is another list. */
  readonly key: string
  /** The query of one request. */
  readonly query: (wish: ListWish) => URLSearchParams
  /** All that the list has, as a file. */
  readonly exportHref: string
  /** Whether a time is still among the last minutes: what was, when it came, may be older by now. */
  readonly isInTime: (nanos: bigint) => boolean
}

/** @param names Those of the query API's conditions that the view offers. */
export function createListQuestion(parameters: Parameters, names: readonly string[]): ListQuestion {
  const conditions = names
    .map((name) => [name, readParameter(parameters, name)] as const)
    .filter(([, value]) => value !== '')
  const window = readParameter(parameters, 'window')
  const times = () => readTimes(parameters, Date.now())
  const from = window === '' ? undefined : times().start
  return {
    key: JSON.stringify([conditions, window, shownRun.value]),
    query({ since, next, limit }) {
      const query = new URLSearchParams(conditions.map(([name, value]) => [name, value]))
      for (const [name, value] of Object.entries(times())) query.set(name, value)
      query.set('limit', String(limit))
      if (next !== undefined) query.set('cursor', next)
      if (since !== undefined) query.set('since', since)
      return query
    },
    exportHref: addRun(`/api/export${renderSearch([...conditions, ...Object.entries(times())])}`),
    isInTime: (nanos) => from === undefined || nanos >= BigInt(from),
  }
}
