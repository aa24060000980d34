import { type AnyValue, type LogRecord, readAttribute } from '../../otlp/model.ts'
import type { StoredLogRecord, StoredTrace } from '../store/stored-trace.ts'
import type { LogQuery } from './log-query.ts'
import { isAtLeast, readSeverity } from './severity.ts'
import { compareBigints } from './summarize-trace.ts'
import {
  attributesContain,
  createTextSearch,
  type TextSearch,
  valueContains,
} from './text-search.ts'

/** The newest log records that fulfil every condition, of traces and of none. */
export function searchLogs(
  traces: Iterable<StoredTrace>,
  looseLogs: Iterable<StoredLogRecord>,
  query: LogQuery,
): readonly StoredLogRecord[] {
  const search = query.text === undefined ? undefined : createTextSearch(query.text)
  const found: StoredLogRecord[] = []
  const visit = (record: StoredLogRecord) => {
    if (!recordMatches(record, query)) return
    if (search === undefined || recordContains(record, search)) found.push(record)
  }
  for (const trace of traces) for (const record of trace.logRecords) visit(record)
  for (const record of looseLogs) visit(record)
  // Turned round first: records of the same time then stay newest arrival first.
  return found
    .reverse()
    .sort((a, b) => compareBigints(readTime(b), readTime(a)))
    .slice(0, query.limit)
}

/** When it happened, or else when it was noticed. */
export function readTime(record: LogRecord): bigint {
  return record.timeNanos === 0n ? record.observedTimeNanos : record.timeNanos
}

/** The field, or the attribute that carried the name before there was one. */
export function readEventName(record: LogRecord): string {
  if (record.eventName !== '') return record.eventName
  const name: AnyValue | undefined = readAttribute(record.attributes, 'event.name')
  return typeof name === 'string' ? name : ''
}

function recordMatches(record: StoredLogRecord, query: LogQuery): boolean {
  const { runtime, service } = query
  if (runtime !== undefined && record.source.runtime !== runtime) return false
  if (service !== undefined && record.source.service !== service) return false
  if (query.severity !== undefined && !isAtLeast(readSeverity(record), query.severity)) return false
  if (query.event !== undefined && readEventName(record) !== query.event) return false
  if (query.startNanos !== undefined && readTime(record) < query.startNanos) return false
  return query.endNanos === undefined || readTime(record) < query.endNanos
}

function recordContains(record: LogRecord, search: TextSearch): boolean {
  return (
    valueContains(record.body, search) ||
    search(record.eventName) ||
    attributesContain(record.attributes, search)
  )
}
