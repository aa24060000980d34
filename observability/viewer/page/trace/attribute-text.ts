import { renderCanonical } from '../../../comparison/trace/attribute-value.ts'
import type { AnyValue } from '../../../otlp/model.ts'

/** A value for a reader, next to its type: text without quotes, bytes in hex. */
export function renderAttributeText(value: AnyValue): string {
  if (value === null) return ''
  if (typeof value === 'string') return value
  if (value instanceof Uint8Array || typeof value !== 'object') {
    // The canonical form begins with the type, which has its own column.
    return renderCanonical(value).replace(/^\w+ /, '')
  }
  return renderCanonical(value).replace(/^(?:array|kvlist) /, '')
}
