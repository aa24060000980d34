import { readValueType } from '../../../../comparison/trace/attribute-value.ts'
import type { Attribute } from '../../../../otlp/model.ts'
import { DottedName } from '../../chrome/dotted-name.tsx'
import { FirstOf } from '../../chrome/first-of.tsx'
import { renderAttributeLines } from './attribute-text.ts'
import { LongText } from './long-text.tsx'

/** Names, types and values; all of it is a sender's text, and shown as text. */
export function AttributeTable({
  attributes,
  label,
  dropped = 0,
}: {
  readonly attributes: readonly Attribute[]
  readonly label: string
  readonly dropped?: number
}) {
  if (attributes.length === 0 && dropped === 0) return null
  return (
    <table class="attributes" aria-label={label}>
      <tbody>
        <FirstOf
          items={attributes}
          noun="attribute"
          renderItem={(attribute, index) => (
            // Keys may come twice, and nothing here moves.
            <Row key={index} attribute={attribute} />
          )}
          wrapMore={(more) => (
            <tr>
              <td colSpan={3}>{more}</td>
            </tr>
          )}
        />
        {dropped > 0 && (
          <tr>
            <td colSpan={3} class="muted">
              {dropped} more were dropped by the sender
            </td>
          </tr>
        )}
      </tbody>
    </table>
  )
}

/** A value of several lines, such as a stack trace, has the width of the table below its name. */
function Row({ attribute: { key, value } }: { readonly attribute: Attribute }) {
  const text = renderAttributeLines(value)
  const name = (
    <th scope="row">
      <DottedName name={key} />
    </th>
  )
  const type = <td class="type">{readValueType(value)}</td>
  if (!text.includes('\n')) {
    return (
      <tr>
        {name}
        {type}
        <td class="value">
          <LongText text={text} />
        </td>
      </tr>
    )
  }
  return (
    <>
      <tr class="is-above">
        {name}
        {type}
        <td />
      </tr>
      <tr>
        <td class="value is-wide" colSpan={3} aria-label={key}>
          <LongText text={text} />
        </td>
      </tr>
    </>
  )
}
