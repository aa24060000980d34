import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { ask, fromJson } from '../../state/asking/ask.ts'
import { returns } from '../../state/asking/connection.ts'
import { readList, readObject, readText } from '../../state/asking/json.ts'
import { shownRun } from '../../state/shown-run.ts'
import { laneNames } from '../../state/source-names.ts'

/** Not known yet. */
export const none: readonly string[] = []

/** The values of what operations are grouped by; the runtimes, or the values of an attribute. */
export function useGroups(by: string): readonly string[] {
  const found = useSignal(none)
  useEffect(() => {
    found.value = none
    if (by === 'runtime') return
    const stopped = new AbortController()
    const query = new URLSearchParams({ name: by })
    void ask(`/api/suggestions?${query}`, fromJson(readValues), stopped.signal).then((answer) => {
      if (stopped.signal.aborted || answer.kind === 'silence') return
      found.value = answer.kind === 'answer' ? [...answer.value].sort() : []
    })
    return () => stopped.abort()
  }, [by, shownRun.value, returns.value])
  return by === 'runtime' ? laneNames.value : found.value
}

function readValues(value: unknown): readonly string[] {
  return readList(readObject(value, 'answer').suggestions, 'suggestions', readText)
}
