import { changeParameters, type Parameters, renderSearch } from '../../state/address.ts'
import { navigate } from '../../state/navigate.ts'

/** Chooses the answers to compare; absent if there is no choice. */
export function StatusChoice({
  chosen,
  statuses,
  parameters,
}: {
  readonly chosen: number | null
  readonly statuses: readonly number[]
  readonly parameters: Parameters
}) {
  if (chosen === null || statuses.length === 0) return null
  return (
    <label class="inline-field">
      <span class="muted">answered with</span>
      <select
        value={String(chosen)}
        onChange={(event) => {
          const status = event.currentTarget.value
          navigate(`/compare${renderSearch(changeParameters(parameters, { status }))}`)
        }}
      >
        {statuses.map((status) => (
          <option key={status} value={String(status)}>
            {status}
          </option>
        ))}
      </select>
    </label>
  )
}
