import { changeParameters, type Parameters, readParameter, renderSearch } from '../state/address.ts'
import { navigate } from '../state/navigate.ts'
import { groupings } from './group-condition.ts'

const byCharsMax = 200

/** Chooses what operations are grouped by: runtime, service, version, or any attribute of the resource. */
export function GroupChoice({
  path,
  parameters,
}: {
  readonly path: string
  readonly parameters: Parameters
}) {
  const by = readParameter(parameters, 'by') || 'runtime'
  return (
    <label class="inline-field">
      <span class="muted">grouped by</span>
      <input
        list="groupings"
        aria-label="Group by"
        title="runtime, or any attribute of the resource, such as service.version"
        defaultValue={by}
        key={by}
        maxLength={byCharsMax}
        autocomplete="off"
        spellcheck={false}
        onChange={(event) => {
          const chosen = event.currentTarget.value.trim()
          const changes = { by: chosen === 'runtime' ? null : chosen, reference: null }
          navigate(`${path}${renderSearch(changeParameters(parameters, changes))}`)
        }}
      />
      <datalist id="groupings">
        {groupings.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </datalist>
    </label>
  )
}
