import {
  changeParameters,
  type Parameters,
  readParameters,
  renderSearch,
} from '../../state/address.ts'
import { navigate } from '../../state/navigate.ts'
import type { ComparedOperation } from '../compared-operation.ts'

/** Chooses the lane that the others are compared with. */
export function ReferenceChoice({
  operation,
  parameters,
}: {
  readonly operation: ComparedOperation
  readonly parameters: Parameters
}) {
  const [reference] = operation.lanes
  const choose = (name: string) => {
    const index = operation.lanes.findIndex((lane) => lane.name === name)
    navigate(
      `/compare${renderSearch(putFirst(parameters, index, operation.lanes[index]?.runtime ?? ''))}`,
    )
  }
  return (
    <label class="inline-field">
      <span class="muted">compared with</span>
      <select value={reference?.name} onChange={(event) => choose(event.currentTarget.value)}>
        {operation.lanes.map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}

/** Chosen traces stand in their order in the URL; runtimes have the reference named. */
function putFirst(parameters: Parameters, index: number, runtime: string): Parameters {
  const traces = readParameters(parameters, 'trace')
  const chosen = traces[index]
  if (chosen === undefined) return changeParameters(parameters, { reference: runtime })
  return changeParameters(parameters, { trace: [chosen, ...traces.filter((id) => id !== chosen)] })
}
