import type { LogRecord } from '../model.ts'
import { renderAnyValue, renderAttributes } from './any-value.ts'
import { type JsonValue, optionalBigInt, optionalNumber, optionalText } from './json-value.ts'

/** An element of `logRecords`; the inverse of `parseLogRecord`. */
export function renderLogRecord(record: LogRecord): JsonValue {
  return {
    timeUnixNano: optionalBigInt(record.timeNanos),
    observedTimeUnixNano: optionalBigInt(record.observedTimeNanos),
    severityNumber: optionalNumber(record.severityNumber),
    severityText: optionalText(record.severityText),
    body: record.body === null ? undefined : renderAnyValue(record.body),
    attributes: renderAttributes(record.attributes),
    droppedAttributesCount: optionalNumber(record.droppedAttributesCount),
    flags: optionalNumber(record.flags),
    traceId: optionalText(record.traceId),
    spanId: optionalText(record.spanId),
    eventName: optionalText(record.eventName),
  }
}
