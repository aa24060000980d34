import type { LogRecord } from '../../../otlp/model.ts'
import { isPlausibleTime } from '../../../otlp/shared/plausible-time.ts'
import { readEventName } from '../../../wire/event-name.ts'
import { isAtLeast, readSeverity } from '../../../wire/severity.ts'
import { queryLogRecord, recordContains } from '../../../wire/where/query-log-record.ts'
import { createTextSearch } from '../../../wire/where/text-search.ts'
import { matchesWhere } from '../../../wire/where/where.ts'
import type { StoredLogRecord, StoredTrace } from '../../store/stored-trace.ts'
import { compareBigints } from '../traces/summarize-trace.ts'
import type { Steps } from '../turns.ts'
import { type LogQuery, renderLogCursor } from './log-query.ts'

type LogPage = {
  readonly records: readonly StoredLogRecord[]
  /** Given back as `cursor` it continues; absent when there are no more. */
  readonly nextCursor?: string
}

/**
 * The newest log records that fulfil every condition, with and without a trace. Of the same time, the last arrival
 * comes first.
 *
 * @param afterArrival Only records that arrived later; see `arrivals.ts`.
 */
export function* searchLogs(
  traces: Iterable<StoredTrace>,
  looseLogs: Iterable<StoredLogRecord>,
  query: LogQuery,
  afterArrival = 0,
): Steps<LogPage> {
  const search = query.text === undefined ? undefined : createTextSearch(query.text)
  const found: StoredLogRecord[] = []
  const visit = (record: StoredLogRecord) => {
    if (record.arrival <= afterArrival || !recordMatches(record, query)) return
    if (!isBehindCursor(record, query)) return
    if (search === undefined || recordContains(record, search)) found.push(record)
  }
  // A snapshot: an arrival between two turns moves its trace to the end, where it would be met again.
  for (const { arrival, logRecords } of [...traces]) {
    // Queries for new records come often and find little.
    if (arrival <= afterArrival) continue
    yield
    for (const record of logRecords) visit(record)
  }
  for (const record of [...looseLogs]) {
    yield
    visit(record)
  }
  found.sort((a, b) => compareBigints(readTime(b), readTime(a)) || b.arrival - a.arrival)
  const records = found.slice(0, query.limit)
  const last = records.at(-1)
  if (last === undefined || found.length === records.length) return { records }
  const nextCursor = renderLogCursor({ timeNanos: readTime(last), arrival: last.arrival })
  return { records, nextCursor }
}

/**
 * The record with that arrival number, or `undefined`. Loose records are searched first; it pauses before each trace.
 */
export function* findLogRecord(
  traces: Iterable<StoredTrace>,
  looseLogs: Iterable<StoredLogRecord>,
  arrival: number,
): Steps<StoredLogRecord | undefined> {
  for (const record of looseLogs) if (record.arrival === arrival) return record
  for (const { logRecords } of [...traces]) {
    yield
    for (const record of logRecords) if (record.arrival === arrival) return record
  }
  return undefined
}

function isBehindCursor(record: StoredLogRecord, { after }: LogQuery): boolean {
  if (after === undefined) return true
  const order = compareBigints(readTime(record), after.timeNanos)
  return order < 0 || (order === 0 && record.arrival < after.arrival)
}

/** When it happened, or else when it was noticed, by its sender or by us. */
export function readTime({ timeNanos, observedTimeNanos }: LogRecord): bigint {
  return isPlausibleTime(timeNanos) || observedTimeNanos === 0n ? timeNanos : observedTimeNanos
}

function recordMatches(record: StoredLogRecord, query: LogQuery): boolean {
  const { runtime, service } = query
  if (runtime !== undefined && record.source.runtime !== runtime) return false
  if (service !== undefined && record.source.service !== service) return false
  if (query.severity !== undefined && !isAtLeast(readSeverity(record), query.severity)) return false
  if (query.event !== undefined && readEventName(record) !== query.event) return false
  if (query.startNanos !== undefined && readTime(record) < query.startNanos) return false
  if (query.endNanos !== undefined && readTime(record) >= query.endNanos) return false
  return (
    query.where.length === 0 ||
    matchesWhere(query.where, queryLogRecord(record, record.source.resource.attributes))
  )
}
