import type { LogRecord } from '../model.ts'
import { parseAnyValue, parseAttributes } from './any-value.ts'
import {
  parseEnum,
  parseMessage,
  parseOptionalId,
  parseString,
  parseUint32,
  parseUint64,
} from './json-fields.ts'
import type { JsonObject } from './json-text.ts'

/** Reads one element of `logRecords`. @throws DecodeError that names the field, without the path to the record. */
export function parseLogRecord(object: JsonObject): LogRecord {
  return {
    timeNanos: parseUint64(object.timeUnixNano, 'timeUnixNano'),
    observedTimeNanos: parseUint64(object.observedTimeUnixNano, 'observedTimeUnixNano'),
    severityNumber: parseEnum(object.severityNumber, 'severityNumber', severityNames),
    severityText: parseString(object.severityText, 'severityText'),
    body: parseMessage(object.body, 'body', parseAnyValue),
    attributes: parseAttributes(object.attributes, 'attributes'),
    droppedAttributesCount: parseUint32(object.droppedAttributesCount, 'droppedAttributesCount'),
    flags: parseUint32(object.flags, 'flags'),
    traceId: parseOptionalId(object.traceId, 32),
    spanId: parseOptionalId(object.spanId, 16),
    eventName: parseString(object.eventName, 'eventName'),
  }
}

/** `SEVERITY_NUMBER_TRACE` is 1, `…_TRACE2` 2, and so on in steps of four up to `…_FATAL4` at 24. */
const severityNames: ReadonlyMap<string, number> = new Map([
  ['SEVERITY_NUMBER_UNSPECIFIED', 0],
  ...['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'].flatMap((level, row) =>
    ['', '2', '3', '4'].map(
      (step, column) => [`SEVERITY_NUMBER_${level}${step}`, row * 4 + column + 1] as const,
    ),
  ),
])
