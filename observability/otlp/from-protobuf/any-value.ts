import type { AnyValue, ArrayValue, Attribute, KeyValueList } from '../model.ts'
import { DecodeError } from '../refusals/decode-error.ts'
import { anyValueDepthMax } from '../refusals/decode-limits.ts'
import type { ProtobufReader } from './reader.ts'

/** A value that is still being read: its lists may grow when the field comes again. */
export type DraftValue =
  | Exclude<AnyValue, ArrayValue | KeyValueList>
  | { readonly values: AnyValue[] }
  | { readonly entries: Attribute[] }

/** Reads a `KeyValue`. Of a field that comes twice the last counts, as protobuf wants it. @throws DecodeError. */
export function readAttribute(reader: ProtobufReader): Attribute {
  let key = ''
  let value: DraftValue = null
  while (reader.hasMore()) {
    switch (reader.readField()) {
      case 1:
        key = reader.readString('key')
        break
      case 2:
        value = reader.readMessage('value', readAnyValue, value)
        break
      default:
        reader.skip()
    }
  }
  return { key, value }
}

/** Of several kinds of value the last one wins; of several lists of one kind all elements count. */
export function readAnyValue(reader: ProtobufReader, before: DraftValue): DraftValue {
  reader.valueDepth += 1
  if (reader.valueDepth > anyValueDepthMax) {
    throw new DecodeError('', `expected values nested at most ${anyValueDepthMax} deep`)
  }
  let value = before
  while (reader.hasMore()) {
    switch (reader.readField()) {
      case 1:
        value = reader.readString('stringValue')
        break
      case 2:
        value = reader.readBoolean('boolValue')
        break
      case 3:
        value = reader.readInt64('intValue')
        break
      case 4:
        value = reader.readDouble('doubleValue')
        break
      case 5:
        value = reader.readMessage('arrayValue', readArray, value)
        break
      case 6:
        value = reader.readMessage('kvlistValue', readKeyValueList, value)
        break
      case 7:
        value = reader.readBytes('bytesValue')
        break
      default:
        reader.skip()
    }
  }
  reader.valueDepth -= 1
  return value
}

function readArray(reader: ProtobufReader, before: DraftValue) {
  const array = isList(before) && 'values' in before ? before : { values: [] }
  while (reader.hasMore()) {
    if (reader.readField() === 1) reader.readElement('values', readElement, array.values)
    else reader.skip()
  }
  return array
}

function readElement(reader: ProtobufReader): AnyValue {
  return readAnyValue(reader, null)
}

function readKeyValueList(reader: ProtobufReader, before: DraftValue) {
  const list = isList(before) && 'entries' in before ? before : { entries: [] }
  while (reader.hasMore()) {
    if (reader.readField() === 1) reader.readElement('values', readAttribute, list.entries)
    else reader.skip()
  }
  return list
}

/** Bytes have `values` and `entries` of their own, as methods. */
function isList(value: DraftValue): value is Exclude<Extract<DraftValue, object>, Uint8Array> {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array)
}
