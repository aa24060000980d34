import type { AnyValue, Attribute } from '../../../otlp/model.ts'

/**
 * Copies what must outlive the request that brought it: bytes may be a window on the whole body,
 * which one small attribute of a long-lived series would keep in memory.
 */
export function copyAttributes(attributes: readonly Attribute[]): readonly Attribute[] {
  return attributes.map(({ key, value }) => ({ key, value: copyValue(value) }))
}

/** An equal value that shares no bytes with the original, at any depth. */
export function copyValue(value: AnyValue): AnyValue {
  if (value instanceof Uint8Array) return Uint8Array.from(value)
  if (value === null || typeof value !== 'object') return value
  if ('values' in value) return { values: value.values.map(copyValue) }
  return { entries: copyAttributes(value.entries) }
}
