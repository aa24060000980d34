import type { RequestNumbers } from '../../../wire/overview.ts'
import {
  changeParameters,
  type Parameters,
  readParameter,
  renderSearch,
  viewHref,
} from '../state/address.ts'
import { runtimeNames } from '../state/runtime-names.ts'
import { ActiveConditions, ChoiceField, setFilter } from '../traces/trace-filters.tsx'

type Window = {
  readonly name: string
  readonly text: string
  /** `null` for as far back as anything is stored. */
  readonly millis: number | null
}

const windows: readonly [Window, ...Window[]] = [
  { name: '15m', text: '15 min', millis: 15 * 60_000 },
  { name: '1m', text: '1 min', millis: 60_000 },
  { name: '5m', text: '5 min', millis: 5 * 60_000 },
  { name: '1h', text: '1 h', millis: 60 * 60_000 },
  { name: 'all', text: 'all', millis: null },
]

/** The window of that name; 15 minutes for any other. */
export function findWindow(name: string): Window {
  return windows.find((window) => window.name === name) ?? windows[0]
}

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
  { name: 'p99', read: (numbers: RequestNumbers) => numbers.p99Millis },
] as const

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
  const inOrder = [...windows].sort(
    (a, b) => (a.millis ?? Number.MAX_VALUE) - (b.millis ?? Number.MAX_VALUE),
  )
  return (
    <div class="filters is-overview">
      <Segments
        label="Time"
        items={inOrder.map(({ name, text }) => ({ name, text }))}
        chosen={window.name}
        hrefOf={(name) => `/${renderSearch(changeParameters(parameters, { window: name }))}`}
      />
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
