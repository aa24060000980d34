/** A choice among a few values; one that the address has, and nobody offers, is shown too. */
export function ChoiceField(props: {
  readonly label: string
  readonly value: string
  readonly choices: readonly (readonly [value: string, text: string])[]
  readonly onChoose: (value: string) => void
}) {
  const isKnown = props.choices.some(([value]) => value === props.value)
  return (
    <label class="field">
      <span>{props.label}</span>
      <select value={props.value} onChange={(event) => props.onChoose(event.currentTarget.value)}>
        {props.choices.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
        {!isKnown && <option value={props.value}>{props.value}</option>}
      </select>
    </label>
  )
}
