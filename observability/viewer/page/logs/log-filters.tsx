import { type Parameters, readParameter } from '../state/address.ts'
import { runtimeNames } from '../state/runtime-names.ts'
import { ActiveConditions, ChoiceField, setFilter, TextField } from '../traces/trace-filters.tsx'

/** The conditions of the query API that this view offers, by their names there. */
export const logConditions = [
  'severity',
  'runtime',
  'service',
  'traceId',
  'event',
  'start',
  'end',
  'text',
] as const

const severities = [
  ['', 'any'],
  ['debug', 'debug and above'],
  ['info', 'info and above'],
  ['warn', 'warn and above'],
  ['error', 'error and above'],
  ['fatal', 'fatal'],
] as const

/** Fields above the log records. What is chosen goes into the address, so that it can be shared. */
export function LogFilters({ parameters }: { readonly parameters: Parameters }) {
  const given = (name: string) => readParameter(parameters, name)
  const set = (name: string, value: string | null) => setFilter('/logs', parameters, name, value)
  return (
    <search class="filters">
      <ChoiceField
        label="Severity"
        value={given('severity')}
        choices={severities}
        onChoose={(value) => set('severity', value)}
      />
      <ChoiceField
        label="Runtime"
        value={given('runtime')}
        choices={[['', 'any runtime'], ...runtimeNames.value.map((name) => [name, name] as const)]}
        onChoose={(value) => set('runtime', value)}
      />
      <TextField
        label="Text"
        type="search"
        value={given('text')}
        placeholder="in bodies, events, attributes"
        onType={(value) => set('text', value)}
      />
      <TextField
        label="Trace"
        value={given('traceId')}
        placeholder="32 hex digits"
        onType={(value) => set('traceId', value)}
      />
      <ActiveConditions path="/logs" parameters={parameters} names={['event', 'service']} />
    </search>
  )
}
