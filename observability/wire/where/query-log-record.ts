import type { AnyValue, Attribute, LogRecord } from '../../otlp/model.ts'
import { readEventName } from '../event-name.ts'
import { readSeverity } from '../severity.ts'
import { serviceContains } from './query-span.ts'
import { attributesContain, type TextSearch, valueContains } from './text-search.ts'
import type { Queried } from './where.ts'

/** A log record as `where` sees it: `severity`, `body`, `event`, `traceId`, `spanId`, attributes. */
export function queryLogRecord(record: LogRecord, resource: readonly Attribute[]): Queried {
  return {
    readField: (key) => readRecordField(record, key),
    attributes: record.attributes,
    resource,
    contains: (search) => recordContains(record, search) || serviceContains(resource, search),
  }
}

export const recordFields = ['severity', 'body', 'event', 'traceId', 'spanId'] as const

function readRecordField(record: LogRecord, key: string): AnyValue | undefined {
  switch (key) {
    case 'severity':
      return readSeverity(record)
    case 'body':
      return record.body
    case 'event':
      return readEventName(record)
    case 'traceId':
      return record.traceId
    case 'spanId':
      return record.spanId
    default:
      return undefined
  }
}

/** Whether the words occur in the record's body, its event name or the values of its attributes. */
export function recordContains(record: LogRecord, search: TextSearch): boolean {
  return (
    valueContains(record.body, search) ||
    search(record.eventName) ||
    attributesContain(record.attributes, search)
  )
}
