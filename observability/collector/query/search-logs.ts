import { type AnyValue, type LogRecord, readAttribute } from '../../otlp/model.ts'
import type { Source } from '../store/source-pool.ts'
import type { LooseLogRecord, StoredTrace } from '../store/stored-trace.ts'
import type { LogQuery } from './log-query.ts'
import { isAtLeast, readSeverity } from './severity.ts'
import { compareBigints } from './summarize-trace.ts'
import {
  attributesContain,
  createTextSearch,
  type TextSearch,
  valueContains,
} from './text-search.ts'

export type FoundLogRecord = { readonly source: Source; readonly record: LogRecord }

/** The newest log records that fulfil every condition, of traces and of none. */
export function searchLogs(
  traces: Iterable<StoredTrace>,
  looseLogs: Iterable<LooseLogRecord>,
  query: LogQuery,
): readonly FoundLogRecord[] {
  const search = query.text === undefined ? undefined : createTextSearch(query.text)
  const found: FoundLogRecord[] = []
  const visit = (source: Source, record: LogRecord) => {
    if (recordMatches(record, query) && (search === undefined || recordContains(record, search))) {
      found.push({ source, record })
    }
  }
  for (const trace of traces) {
    for (const { source, items } of trace.logRecords) {
      if (sourceMatches(source, query)) for (const record of items) visit(source, record)
    }
  }
  for (const { source, record } of looseLogs) {
    if (sourceMatches(source, query)) visit(source, record)
  }
  // Turned round first: records of the same time then stay newest arrival first.
  return found
    .reverse()
    .sort((a, b) => compareBigints(readTime(b.record), readTime(a.record)))
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

function sourceMatches(source: Source, { runtime, service }: LogQuery): boolean {
  if (runtime !== undefined && source.runtime !== runtime) return false
  return service === undefined || source.service === service
}

function recordMatches(record: LogRecord, query: LogQuery): boolean {
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
