import type { AnyValue, LogRecord } from '../../otlp/model.ts'
import { readSpanField } from '../../wire/query-span.ts'
import type { Queried } from '../../wire/where.ts'
import type { StoredLogRecord, StoredSpan } from '../store/stored-trace.ts'
import { readEventName } from './logs/event-name.ts'
import { readSeverity } from './logs/severity.ts'
import {
  attributesContain,
  createTextSearch,
  type TextSearch,
  valueContains,
} from './text-search.ts'

/** A span as `where` sees it: `name`, `kind`, `status`, `duration` in milliseconds, `traceId`, `spanId`, attributes. */
export function querySpan(span: StoredSpan): Queried {
  return {
    readField: (key) => (key === 'scope' ? span.source.scope.name : readSpanField(span, key)),
    attributes: span.attributes,
    resource: span.source.resource.attributes,
    contains: (words) => spanContains(span, createTextSearch(words)),
  }
}

export function spanContains(span: StoredSpan, search: TextSearch): boolean {
  return (
    search(span.name) ||
    search(span.status.message) ||
    attributesContain(span.attributes, search) ||
    span.events.some((event) => search(event.name) || attributesContain(event.attributes, search))
  )
}

/** A log record as `where` sees it: `severity`, `body`, `event`, `traceId`, `spanId`, attributes. */
export function queryLogRecord(record: StoredLogRecord): Queried {
  return {
    readField: (key) => readRecordField(record, key),
    attributes: record.attributes,
    resource: record.source.resource.attributes,
    contains: (words) => recordContains(record, createTextSearch(words)),
  }
}

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
    case 'scope':
      return record.source.scope.name
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
