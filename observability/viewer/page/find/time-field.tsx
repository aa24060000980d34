import { changeParameters, type Parameters, readParameter, renderSearch } from '../state/address.ts'
import { navigate } from '../state/navigate.ts'
import { nanosText, readMillis, windows } from '../state/read-times.ts'
import { ChoiceField } from './choice-field.tsx'

const hourMillis = 3_600_000

/** The time that a view shows: the last minutes, or from one time to another. */
export function TimeField({
  path,
  parameters,
}: {
  readonly path: string
  readonly parameters: Parameters
}) {
  const isBetween = ['start', 'end'].some((name) => readParameter(parameters, name) !== '')
  const set = (changes: Readonly<Record<string, string | null>>) =>
    navigate(`${path}${renderSearch(changeParameters(parameters, changes))}`, { replace: true })
  return (
    <>
      <ChoiceField
        label="Time"
        value={isBetween ? 'between' : readParameter(parameters, 'window')}
        choices={[
          ['', 'any time'],
          ...windows.flatMap(({ name, text, millis }) =>
            millis === null ? [] : [[name, `last ${text}`] as const],
          ),
          ['between', 'between …'],
        ]}
        onChoose={(choice) =>
          set(
            choice === 'between'
              ? betweenNow(Date.now())
              : { window: choice, start: null, end: null },
          )
        }
      />
      {isBetween && <BetweenFields path={path} parameters={parameters} />}
    </>
  )
}

/** An hour, to begin with. */
export function betweenNow(nowMillis: number) {
  return {
    window: null,
    start: nanosText(nowMillis - hourMillis),
    end: nanosText(nowMillis),
  } as const
}

/** Two times, in the zone of the reader. */
export function BetweenFields({
  path,
  parameters,
}: {
  readonly path: string
  readonly parameters: Parameters
}) {
  return (
    <>
      {(['start', 'end'] as const).map((name) => (
        <label key={name} class="field is-time">
          <span>{name === 'start' ? 'From' : 'To'}</span>
          <input
            type="datetime-local"
            step="1"
            value={renderLocal(readMillis(readParameter(parameters, name)))}
            onChange={(event) => {
              const millis = new Date(event.currentTarget.value).getTime()
              const value = Number.isNaN(millis) ? null : nanosText(millis)
              const changes = changeParameters(parameters, { [name]: value })
              navigate(`${path}${renderSearch(changes)}`, { replace: true })
            }}
          />
        </label>
      ))}
    </>
  )
}

/** `2026-01-31T14:03:27`, as the field wants it; empty for a time in another form. */
function renderLocal(millis: number | undefined): string {
  if (millis === undefined) return ''
  const offsetMillis = new Date(millis).getTimezoneOffset() * 60_000
  return new Date(millis - offsetMillis).toISOString().slice(0, 19)
}
