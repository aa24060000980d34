import type { AnyValue, LogRecord } from '../../otlp/model.ts'
import { serviceContains } from '../../wire/query-span.ts'
import { attributesContain, type TextSearch, valueContains } from '../../wire/text-search.ts'
import type { Queried } from '../../wire/where.ts'
import type { StoredLogRecord } from '../store/stored-trace.ts'
import { readEventName } from './logs/event-name.ts'
import { readSeverity } from './logs/severity.ts'

/** A log record as `where` sees it: `severity`, `body`, `event`, `traceId`, `spanId`, attributes. */
export function queryLogRecord(record: StoredLogRecord): Queried {
  return {
    readField: (key) => readRecordField(record, key),
    attributes: record.attributes,
    resource: record.source.resource.attributes,
    contains: (search) =>
      recordContains(record, search) || serviceContains(record.source.resource.attributes, search),
  }
}

export const recordFields = ['severity', 'body', 'event', 'traceId', 'spanId'] as const

function readRecordField(record: StoredLogRecord, key: string): AnyValue | undefined {
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

export function recordContains(record: LogRecord, search: TextSearch): boolean {
  return (
    valueContains(record.body, search) ||
    search(record.eventName) ||
    attributesContain(record.attributes, search)
  )
}
