import { readValueType } from '../../../../comparison/trace/attribute-value.ts'
import type { Attribute } from '../../../../otlp/model.ts'
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
          renderItem={({ key, value }, index) => (
            // Keys may come twice, and nothing here moves.
            <tr key={index}>
              <th scope="row">{key}</th>
              <td class="type">{readValueType(value)}</td>
              <td class="value">
                <LongText text={renderAttributeLines(value)} />
              </td>
            </tr>
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
