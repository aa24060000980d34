import type { Attribute, Exemplar } from '../model.ts'
import { readAttribute } from './any-value.ts'
import { finishList } from './finish-list.ts'
import type { ProtobufReader } from './reader.ts'

export function readExemplar(reader: ProtobufReader): Exemplar {
  const filteredAttributes: Attribute[] = []
  let timeNanos = 0n
  let value: bigint | number | null = null
  let traceId = ''
  let spanId = ''
  while (reader.hasMore()) {
    switch (reader.readField()) {
      case 2:
        timeNanos = reader.readFixed64('timeUnixNano')
        break
      case 3:
        value = reader.readDouble('asDouble')
        break
      case 4:
        spanId = reader.readSpanId('spanId')
        break
      case 5:
        traceId = reader.readTraceId('traceId')
        break
      case 6:
        value = reader.readSfixed64('asInt')
        break
      case 7:
        reader.readElement('filteredAttributes', readAttribute, filteredAttributes)
        break
      default:
        reader.skip()
    }
  }
  return {
    filteredAttributes: finishList(filteredAttributes),
    timeNanos,
    value,
    traceId,
    spanId,
  }
}
