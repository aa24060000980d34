import type { RequestNumbers } from '../../../wire/overview.ts'
import { ChoiceField } from '../find/choice-field.tsx'
import { GroupChoice } from '../find/group-choice.tsx'
import { BetweenFields, betweenNow } from '../find/time-field.tsx'
import { type Parameters, readParameter, viewHref } from '../state/address.ts'
import { type Window, windows } from '../state/read-times.ts'
import { runtimeNames } from '../state/source-names.ts'
import { ActiveConditions, setFilter } from '../traces/trace-filters.tsx'

/** Sentences about names in the address that do not exist. */
export function findUnknown(parameters: Parameters): readonly string[] {
  const choices = { window: windows, quantile: quantiles }
  return Object.entries(choices).flatMap(([name, known]) => {
    const given = readParameter(parameters, name)
    const names = known.map((one) => one.name)
    if (given === '' || names.includes(given)) return []
    return [`${name}: expected ${names.join(' or ')}, got ${JSON.stringify(given.slice(0, 60))}.`]
  })
}

/** The quantiles that can be chosen for the chart of durations, by the name in the address. */
export const quantiles = [
  { name: 'p50', read: (numbers: RequestNumbers) => numbers.p50Millis },
  { name: 'p95', read: (numbers: RequestNumbers) => numbers.p95Millis },
  { name: 'p99', read: readP99 },
] as const

/** Of fewer requests, the slowest hundredth is less than one of them. */
export const p99CallsMin = 100

/** `null` where there are too few requests for it. */
export function readP99({ calls, p99Millis }: RequestNumbers): number | null {
  return calls < p99CallsMin ? null : p99Millis
}

/** The choices of time, quantile and service above the charts. */
export function OverviewControls({
  parameters,
  window,
  quantile,
}: {
  readonly parameters: Parameters
  readonly window: Window
  readonly quantile: string
}) {
  const isBetween = ['start', 'end'].some((name) => readParameter(parameters, name) !== '')
  return (
    <div class="filters is-overview">
      <Segments
        label="Time"
        items={[...windows, { name: 'between', text: 'between' }]}
        chosen={isBetween ? 'between' : window.name}
        hrefOf={(name) =>
          viewHref(
            'overview',
            name === 'between' ? betweenNow(Date.now()) : { window: name, start: null, end: null },
            parameters,
          )
        }
      />
      {isBetween && <BetweenFields path="/" parameters={parameters} />}
      <Segments
        label="Duration"
        items={quantiles.map(({ name }) => ({ name, text: name }))}
        chosen={quantile}
        hrefOf={(name) => viewHref('overview', { quantile: name }, parameters)}
      />
      <ChoiceField
        label="Runtime"
        value={readParameter(parameters, 'runtime')}
        choices={[
          ['', 'every runtime'],
          ...runtimeNames.value.map((name) => [name, name] as const),
        ]}
        onChoose={(value) => setFilter('/', parameters, 'runtime', value)}
      />
      <GroupChoice path="/" parameters={parameters} />
      <ActiveConditions path="/" parameters={parameters} names={['operation']} />
    </div>
  )
}

function Segments(props: {
  readonly label: string
  readonly items: readonly { readonly name: string; readonly text: string }[]
  readonly chosen: string
  readonly hrefOf: (name: string) => string
}) {
  return (
    <fieldset class="segments">
      <legend>{props.label}</legend>
      {props.items.map(({ name, text }) => (
        <a
          key={name}
          href={props.hrefOf(name)}
          aria-current={name === props.chosen ? 'true' : undefined}
        >
          {text}
        </a>
      ))}
    </fieldset>
  )
}
