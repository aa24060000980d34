import { type ReadonlySignal, useSignal } from '@preact/signals'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { ask, fromJson } from '../state/asking/ask.ts'
import { readList, readObject, readText } from '../state/asking/json.ts'
import { complete, readCompletion } from './read-completion.ts'

/** What may stand where somebody types in the box, by what is stored. */
export type Suggestions = {
  readonly found: ReadonlySignal<readonly string[]>
  /** Index of the one that the keys have reached; -1 for none. */
  readonly chosen: ReadonlySignal<number>
  /** Asks for them, once the reader pauses. */
  ask(): void
  close(): void
  /** Puts one in its place, and gives the whole text. */
  accept(input: HTMLInputElement, suggestion: string): string
  /** Moves through them by the arrow keys; gives the one that Enter takes. */
  readKey(event: KeyboardEvent): string | undefined
}

const typingMillis = 120

export function useSuggestions(
  of: 'spans' | 'logs',
  input: { readonly current: HTMLInputElement | null },
): Suggestions {
  const found = useSignal<readonly string[]>([])
  const chosen = useSignal(-1)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const asked = useRef(new AbortController())
  const suggestions = useMemo((): Suggestions => {
    const fetchFound = async () => {
      asked.current.abort()
      asked.current = new AbortController()
      const { signal } = asked.current
      const element = input.current
      const { name, text } = readCompletion(element?.value ?? '', element?.selectionStart ?? 0)
      const query = new URLSearchParams({ of })
      if (name !== null) query.set('name', name)
      if (text !== '') query.set('text', text)
      const answer = await ask(`/api/suggestions?${query}`, fromJson(readSuggestions), signal)
      if (signal.aborted || answer.kind !== 'answer') return
      chosen.value = -1
      found.value = answer.value.filter((one) => one !== text)
    }
    const own: Suggestions = {
      found,
      chosen,
      ask() {
        clearTimeout(timer.current)
        timer.current = setTimeout(() => void fetchFound(), typingMillis)
      },
      close() {
        clearTimeout(timer.current)
        asked.current.abort()
        found.value = []
        chosen.value = -1
      },
      accept(element, suggestion) {
        const completion = readCompletion(element.value, element.selectionStart ?? 0)
        const next = complete(element.value, completion, suggestion)
        element.value = next.query
        element.setSelectionRange(next.caret, next.caret)
        own.close()
        if (completion.name === null) own.ask()
        return next.query
      },
      readKey(event) {
        const { length } = found.value
        const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
        if (step !== 0) {
          event.preventDefault()
          if (length === 0) own.ask()
          else chosen.value = (Math.max(chosen.value, step > 0 ? -1 : 0) + step + length) % length
        }
        if (event.key === 'Escape' && length > 0) {
          event.preventDefault()
          own.close()
        }
        if (event.key !== 'Enter') return undefined
        const suggestion = found.value[chosen.value]
        if (suggestion === undefined) own.close()
        return suggestion
      },
    }
    return own
  }, [of])
  useEffect(() => suggestions.close, [suggestions])
  return suggestions
}

function readSuggestions(value: unknown): readonly string[] {
  return readList(readObject(value, 'answer').suggestions, 'suggestions', readText)
}
