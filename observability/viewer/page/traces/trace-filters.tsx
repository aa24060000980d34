import { useEffect, useRef } from 'preact/hooks'
import { ChoiceField } from '../find/choice-field.tsx'
import { FindField } from '../find/find-field.tsx'
import { leadToId } from '../find/lead-to-id.ts'
import { TimeField } from '../find/time-field.tsx'
import { changeParameters, type Parameters, readParameter, renderSearch } from '../state/address.ts'
import { formatSecond, formatStretch } from '../state/format.ts'
import { navigate } from '../state/navigate.ts'
import { readMillis } from '../state/read-times.ts'
import { runtimeNames, serviceNames } from '../state/source-names.ts'

/** The conditions of the query API that this view offers, by their names there. */
export const traceConditions = [
  'runtime',
  'service',
  'route',
  'operation',
  'status',
  'minDurationMillis',
  'start',
  'end',
  'spanStart',
  'spanEnd',
  'text',
  'where',
  'sort',
] as const

const sorts = [
  ['', 'newest first'],
  ['duration', 'longest first'],
  ['spans', 'most spans first'],
] as const

const statuses = [
  ['', 'any status'],
  ['2xx', '2xx'],
  ['3xx', '3xx'],
  ['4xx', '4xx'],
  ['5xx', '5xx'],
  ['error', 'failed spans'],
] as const

/** Fields above the list of traces. What is chosen goes into the address, so that it can be shared. */
export function TraceFilters({
  parameters,
  routes,
}: {
  readonly parameters: Parameters
  readonly routes: readonly string[]
}) {
  const given = (name: string) => readParameter(parameters, name)
  const set = (name: string, value: string | null) => setFilter('/traces', parameters, name, value)
  return (
    <search class="filters">
      <FindField
        value={given('where')}
        of="spans"
        onFind={(query) => {
          void leadToId(query).then((isLed) => isLed || set('where', query))
        }}
      />
      <SourceFields path="/traces" parameters={parameters} />
      <TextField
        label="Route"
        value={given('route')}
        placeholder="/items/:id"
        suggestions={routes}
        onType={(value) => set('route', value)}
      />
      <ChoiceField
        label="Status"
        value={given('status')}
        choices={statuses}
        onChoose={(value) => set('status', value)}
      />
      <TextField
        label="Slower than, ms"
        value={given('minDurationMillis')}
        placeholder="0"
        inputMode="decimal"
        onType={(value) => set('minDurationMillis', value)}
      />
      <TimeField path="/traces" parameters={parameters} />
      <ChoiceField
        label="Sort by"
        value={given('sort')}
        choices={sorts}
        onChoose={(value) => set('sort', value)}
      />
      <ActiveConditions path="/traces" parameters={parameters} names={['operation', 'text']} />
    </search>
  )
}

/** Who sent it: a runtime where there are any, a service where there are several. */
export function SourceFields({
  path,
  parameters,
}: {
  readonly path: string
  readonly parameters: Parameters
}) {
  const field = (name: 'runtime' | 'service', label: string, names: readonly string[]) => {
    const value = readParameter(parameters, name)
    if (names.length === 0 && value === '') return null
    return (
      <ChoiceField
        label={label}
        value={value}
        choices={[['', `any ${name}`], ...names.map((one) => [one, one] as const)]}
        onChoose={(chosen) => setFilter(path, parameters, name, chosen)}
      />
    )
  }
  return (
    <>
      {field('service', 'Service', serviceNames.value)}
      {field('runtime', 'Runtime', runtimeNames.value)}
    </>
  )
}

/** Conditions that came with a link, each with a way to be rid of it. */
export function ActiveConditions({
  path,
  parameters,
  names,
}: {
  readonly path: string
  readonly parameters: Parameters
  readonly names: readonly string[]
}) {
  const own = names.filter((name) => readParameter(parameters, name) !== '')
  const times = timeConditions.filter(([start, end]) =>
    [start, end].some((name) => readParameter(parameters, name) !== ''),
  )
  const without = (changes: Readonly<Record<string, null>>) =>
    `${path}${renderSearch(changeParameters(parameters, changes))}`
  return (
    <div class="conditions">
      {own.map((name) => (
        <a key={name} class="condition" href={without({ [name]: null })}>
          <span class="muted">{name}</span> {readParameter(parameters, name)}
          <span aria-hidden="true">×</span>
          <span class="hidden">remove</span>
        </a>
      ))}
      {times.map(([start, end, what]) => (
        <a key={start} class="condition" href={without({ [start]: null, [end]: null })}>
          <span class="muted">{what}</span>{' '}
          {describeTimes(readParameter(parameters, start), readParameter(parameters, end))}
          <span aria-hidden="true">×</span>
          <span class="hidden">remove</span>
        </a>
      ))}
    </div>
  )
}

const timeConditions = [['spanStart', 'spanEnd', 'requests']] as const

function describeTimes(start: string, end: string): string {
  const [from, to] = [readMillis(start), readMillis(end)]
  const now = Date.now()
  if (from !== undefined && to !== undefined) return formatStretch(from, to, now)
  const [since, until] = [from, to].map((millis, index) =>
    millis === undefined ? [start, end][index] : formatSecond(millis, now),
  )
  if (end === '') return `since ${since}`
  return start === '' ? `before ${until}` : `${since} – ${until}`
}

/** Shows the view at `path` with one parameter changed, without a new entry in the history. `null` removes it. */
export function setFilter(
  path: string,
  parameters: Parameters,
  name: string,
  value: string | null,
): void {
  navigate(`${path}${renderSearch(changeParameters(parameters, { [name]: value }))}`, {
    replace: true,
  })
}

const typingMillis = 250
/** The address has it too, and may not be of any length. */
const typedCharsMax = 2_000

/** Tells what was typed once the reader pauses. */
export function TextField(props: {
  readonly label: string
  readonly value: string
  readonly placeholder: string
  readonly type?: 'search' | 'text'
  readonly inputMode?: 'decimal'
  readonly suggestions?: readonly string[]
  readonly onType: (value: string) => void
}) {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const input = useRef<HTMLInputElement>(null)
  const latest = useRef(props.onType)
  latest.current = props.onType
  useEffect(() => () => clearTimeout(timer.current), [])
  useEffect(() => {
    // Typing is not overwritten by an older state of the URL.
    const element = input.current
    if (element !== null && document.activeElement !== element) element.value = props.value
  }, [props.value])
  const listId = `list-${props.label.replaceAll(/\W+/g, '-')}`
  return (
    <label class="field">
      <span>{props.label}</span>
      <input
        ref={input}
        type={props.type ?? 'text'}
        inputMode={props.inputMode}
        defaultValue={props.value}
        placeholder={props.placeholder}
        list={props.suggestions === undefined ? undefined : listId}
        maxLength={typedCharsMax}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => {
          const { value } = event.currentTarget
          clearTimeout(timer.current)
          timer.current = setTimeout(() => latest.current(value.trim()), typingMillis)
        }}
      />
      {props.suggestions !== undefined && (
        <datalist id={listId}>
          {props.suggestions.map((text) => (
            <option key={text} value={text} />
          ))}
        </datalist>
      )}
    </label>
  )
}
