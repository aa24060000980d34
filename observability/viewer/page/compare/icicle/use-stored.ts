import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Parameters } from '../../state/address.ts'
import { fetchChoices } from '../choose/fetch-choices.ts'

const unknown: ReadonlyMap<string, number> = new Map()

/** How many requests of an operation each group has in all; asked once for each comparison. */
export function useStored(
  operation: string,
  parameters: Parameters,
  /** Another one asks anew. */
  compared: object,
): ReadonlyMap<string, number> {
  const stored = useSignal(unknown)
  useEffect(() => {
    stored.value = unknown
    // Traces that were chosen are all there is to say.
    if (operation === '') return
    const stopped = new AbortController()
    void fetchChoices(parameters, stopped.signal).then((answer) => {
      if (stopped.signal.aborted || answer.kind !== 'answer') return
      const choice = answer.value.find((one) => one.operation === operation)
      stored.value = new Map(choice?.groups.map(({ name, calls }) => [name, calls]))
    })
    return () => stopped.abort()
  }, [compared])
  return stored.value
}
