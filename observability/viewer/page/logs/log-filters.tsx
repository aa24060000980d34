import { ChoiceField } from '../find/choice-field.tsx'
import { FindField } from '../find/find-field.tsx'
import { TimeField } from '../find/time-field.tsx'
import { type Parameters, readParameter } from '../state/address.ts'
import { ActiveConditions, SourceFields, setFilter } from '../traces/trace-filters.tsx'

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
  'where',
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
      <FindField value={given('where')} of="logs" onFind={(query) => set('where', query)} />
      <SourceFields path="/logs" parameters={parameters} />
      <ChoiceField
        label="Severity"
        value={given('severity')}
        choices={severities}
        onChoose={(value) => set('severity', value)}
      />
      <TimeField path="/logs" parameters={parameters} />
      <ActiveConditions path="/logs" parameters={parameters} names={['traceId', 'event', 'text']} />
    </search>
  )
}
