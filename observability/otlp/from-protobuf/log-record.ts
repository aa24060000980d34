import type { Attribute, LogRecord } from '../model.ts'
import { finishList } from '../shared/finish-list.ts'
import { type DraftValue, readAnyValue, readAttribute } from './any-value.ts'
import type { ProtobufReader } from './reader.ts'

/** By the .proto, a record with an invalid id is to be taken as a record without. */
export function readLogRecord(reader: ProtobufReader): LogRecord {
  let timeNanos = 0n
  let observedTimeNanos = 0n
  let severityNumber = 0
  let severityText = ''
  let body: DraftValue = null
  const attributes: Attribute[] = []
  let droppedAttributesCount = 0
  let flags = 0
  let traceId = ''
  let spanId = ''
  let eventName = ''
  while (reader.hasMore()) {
    switch (reader.readField()) {
      case 1:
        timeNanos = reader.readFixed64('timeUnixNano')
        break
      case 2:
        severityNumber = reader.readInt32('severityNumber')
        break
      case 3:
        severityText = reader.readString('severityText')
        break
      case 5:
        body = reader.readMessage('body', readAnyValue, body)
        break
      case 6:
        attributes.push(reader.readAttribute(attributes.length, readAttribute))
        break
      case 7:
        droppedAttributesCount = reader.readUint32('droppedAttributesCount')
        break
      case 8:
        flags = reader.readFixed32('flags')
        break
      case 9:
        traceId = reader.readTraceId('traceId', 'optional')
        break
      case 10:
        spanId = reader.readSpanId('spanId', 'optional')
        break
      case 11:
        observedTimeNanos = reader.readFixed64('observedTimeUnixNano')
        break
      case 12:
        eventName = reader.readString('eventName')
        break
      default:
        reader.skip()
    }
  }
  return {
    timeNanos,
    observedTimeNanos,
    severityNumber,
    severityText,
    body,
    attributes: finishList(attributes),
    droppedAttributesCount,
    flags,
    traceId,
    spanId,
    eventName,
  }
}
