import { encodeBase64 } from '../from-json/base64.ts'
import type { AnyValue, Attribute } from '../model.ts'
import { type JsonValue, optionalList, optionalText, renderDouble } from './json-value.ts'

/** `undefined` for an empty list, which leaves the field out. */
export function renderAttributes(attributes: readonly Attribute[]): JsonValue | undefined {
  return optionalList(attributes, ({ key, value }) => ({
    key: optionalText(key),
    value: renderAnyValue(value),
  }))
}

/** Which field is set is information of its own, so a value is written even when it is a default. */
export function renderAnyValue(value: AnyValue): JsonValue {
  if (value === null) return {}
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'bigint') return { intValue: value.toString() }
  if (typeof value === 'number') return { doubleValue: renderDouble(value) }
  if (value instanceof Uint8Array) return { bytesValue: encodeBase64(value) }
  if ('values' in value) {
    return { arrayValue: { values: optionalList(value.values, renderAnyValue) } }
  }
  return { kvlistValue: { values: renderAttributes(value.entries) } }
}
