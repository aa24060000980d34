import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { parseWhere, WhereError } from '../../../wire/where/where.ts'
import { type Suggestions, useSuggestions } from './use-suggestions.ts'

const typingMillis = 250
/** The address has it too, and may not be of any length. */
const typedCharsMax = 2_000

/** The one box in which everything is looked for: words, ids, conditions on attributes. */
export function FindField(props: {
  readonly value: string
  readonly of: 'spans' | 'logs'
  /** Told of a query that can be answered, once the reader pauses. */
  readonly onFind: (query: string) => void
}) {
  const input = useRef<HTMLInputElement>(null)
  const typed = useSignal(props.value)
  const suggestions = useSuggestions(props.of, input)
  const timer = useRef<Timer>(undefined)
  const latest = useRef(props.onFind)
  latest.current = props.onFind
  useEffect(() => () => clearTimeout(timer.current), [])
  useEffect(() => {
    // Typing is not overwritten by an older state of the URL.
    const element = input.current
    if (element === null || document.activeElement === element) return
    element.value = props.value
    typed.value = props.value
  }, [props.value])

  const find = (millis: number) => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      const query = typed.peek().trim()
      if (findMistake(query) === undefined) latest.current(query)
    }, millis)
  }
  const accept = (suggestion: string) => {
    const element = input.current
    if (element === null) return
    typed.value = suggestions.accept(element, suggestion)
    find(typingMillis)
  }
  const mistake = findMistake(typed.value.trim())
  const { found, chosen } = suggestions
  return (
    <div class="find">
      <label class="field">
        <span>Find</span>
        <input
          ref={input}
          id="find"
          type="search"
          // Preact's types want one of every combobox; ours brings a list of its own.
          list={undefined}
          // biome-ignore lint/a11y/noRedundantRoles: the rule takes that for a list of the browser's
          role="combobox"
          aria-expanded={found.value.length > 0}
          aria-controls="find-suggestions"
          aria-autocomplete="list"
          aria-activedescendant={chosen.value < 0 ? undefined : `find-${chosen.value}`}
          aria-invalid={mistake !== undefined}
          aria-describedby="find-mistake"
          defaultValue={props.value}
          placeholder="words, an id, or http.response.status_code>=500"
          maxLength={typedCharsMax}
          autocomplete="off"
          spellcheck={false}
          data-find
          onInput={(event) => {
            typed.value = event.currentTarget.value
            find(typingMillis)
            suggestions.ask()
          }}
          onBlur={suggestions.close}
          onKeyDown={(event) => {
            const suggestion = suggestions.readKey(event)
            if (suggestion !== undefined) accept(suggestion)
            else if (event.key === 'Enter') find(0)
          }}
        />
      </label>
      <SuggestionList suggestions={suggestions} onAccept={accept} />
      <p id="find-mistake" class="find-mistake" role="status">
        {mistake !== undefined && <Mistake query={typed.value.trim()} mistake={mistake} />}
      </p>
    </div>
  )
}

function SuggestionList({
  suggestions: { found, chosen },
  onAccept,
}: {
  readonly suggestions: Suggestions
  readonly onAccept: (suggestion: string) => void
}) {
  return (
    <div class="suggestions" id="find-suggestions" role="listbox" aria-label="Suggestions">
      {found.value.map((suggestion, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the box keeps the focus, and handles the keys
        <div
          key={suggestion}
          id={`find-${index}`}
          role="option"
          aria-selected={index === chosen.value}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onAccept(suggestion)}
        >
          {suggestion}
        </div>
      ))}
    </div>
  )
}

type Timer = ReturnType<typeof setTimeout> | undefined

const shownCharsMax = 40

/** The words before the mistake, the place, and what was expected there. */
function Mistake({ query, mistake }: { readonly query: string; readonly mistake: WhereError }) {
  const { at, message } = mistake
  const from = Math.max(0, at - shownCharsMax)
  return (
    <>
      {message}:{' '}
      <code>
        {from > 0 && '…'}
        {query.slice(from, at)}
        <mark>{query.slice(at, at + shownCharsMax) || '␣'}</mark>
      </code>
    </>
  )
}

function findMistake(query: string): WhereError | undefined {
  try {
    parseWhere(query)
    return undefined
  } catch (error) {
    if (error instanceof WhereError) return error
    throw error
  }
}
