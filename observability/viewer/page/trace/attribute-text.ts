import { renderCanonical } from '../../../comparison/trace/attribute-value.ts'
import type { AnyValue } from '../../../otlp/model.ts'

/** A value as a person reads it, beside its type: text without quotes, bytes in hex. */
export function renderAttributeText(value: AnyValue): string {
  if (value === null) return ''
  if (typeof value === 'string') return value
  if (value instanceof Uint8Array || typeof value !== 'object') {
    // The canonical form says the type first, which stands in a column of its own.
    return renderCanonical(value).replace(/^\w+ /, '')
  }
  return renderCanonical(value).replace(/^(?:array|kvlist) /, '')
}
