import type { AnyValue, Attribute } from '../model.ts'
import { DecodeError } from '../refusals/decode-error.ts'
import { anyValueDepthMax } from '../refusals/decode-limits.ts'
import {
  isAbsent,
  parseBoolean,
  parseBytes,
  parseDouble,
  parseInt64,
  parseMessage,
  parseMessages,
  parseString,
} from './json-fields.ts'
import type { JsonObject } from './json-text.ts'

/** `value` is the list of a field such as `attributes`; `depth` that of the message it is in. */
export function parseAttributes(value: unknown, name: string, depth = 0): readonly Attribute[] {
  return parseMessages(value, name, (object) => ({
    key: parseString(object.key, 'key'),
    value: isAbsent(object.value)
      ? null
      : parseMessage(object.value, 'value', (inner) => parseAnyValue(inner, depth + 1)),
  }))
}

/** When several kinds of value are set, which is an error of the sender, the last one wins, as in protobuf. */
export function parseAnyValue(object: JsonObject, depth = 1): AnyValue {
  if (depth > anyValueDepthMax) {
    throw new DecodeError('', `expected values nested at most ${anyValueDepthMax} deep`)
  }
  let value: AnyValue = null
  for (const name in object) {
    const field = object[name]
    if (!isAbsent(field)) value = parseVariant(name, field, depth, value)
  }
  return value
}

/** The value of a field of an AnyValue; `other` for a field that is not known. */
export function parseVariant(
  name: string,
  field: unknown,
  depth: number,
  other: AnyValue,
): AnyValue {
  switch (name) {
    case 'stringValue':
      return parseString(field, name)
    case 'boolValue':
      return parseBoolean(field, name)
    case 'intValue':
      return parseInt64(field, name)
    case 'doubleValue':
      return parseDouble(field, name)
    case 'bytesValue':
      return parseBytes(field, name)
    case 'arrayValue':
      return parseMessage(field, name, (list) => ({
        values: parseMessages(list.values, 'values', (inner) => parseAnyValue(inner, depth + 1)),
      }))
    case 'kvlistValue':
      return parseMessage(field, name, (list) => ({
        entries: parseAttributes(list.values, 'values', depth),
      }))
    default:
      return other
  }
}
