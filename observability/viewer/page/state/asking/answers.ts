import type { CollectorStatus as WireStatus } from '../../../../wire/status.ts'
import type { TraceSummary as WireTraceSummary } from '../../../../wire/traces.ts'
import { orNull, readList, readNumber, readObject, readText } from './json.ts'

// Answers of the collector's query API, as `curl /` lists it.

/** What the page shows of it, with its start as a number. */
export type TraceSummary = Omit<
  WireTraceSummary,
  'startTime' | 'startTimeUnixNano' | 'status' | 'rootName' | 'errorCount'
> & { readonly startNanos: bigint }

/** A page of a list, in its order. */
export type ListPage<T> = {
  readonly items: readonly T[]
  /** Given back it continues; `null` when there are no more. */
  readonly next: string | null
  /** Given back as `since` it asks for what has arrived, or changed, after this answer. */
  readonly arrival: string
}

/** Reads a page whose items stand under that name. @throws UnexpectedAnswer that names the field. */
export function readPage<T>(
  name: string,
  readItem: (value: unknown, where: string) => T,
): (value: unknown) => ListPage<T> {
  return (value) => {
    const page = readObject(value, 'answer')
    return {
      items: readList(page[name], name, readItem),
      next: orNull(readText)(page.nextCursor, 'nextCursor'),
      arrival: readText(page.arrival, 'arrival'),
    }
  }
}

/** Reads `/api/traces`. */
export const readTracePage = readPage('traces', readTraceSummary)

function readTraceSummary(value: unknown, where: string): TraceSummary {
  const summary = readObject(value, where)
  return {
    traceId: readText(summary.traceId, `${where}.traceId`),
    name: readText(summary.name, `${where}.name`),
    service: orNull(readText)(summary.service, `${where}.service`),
    runtime: orNull(readText)(summary.runtime, `${where}.runtime`),
    method: orNull(readText)(summary.method, `${where}.method`),
    route: orNull(readText)(summary.route, `${where}.route`),
    httpStatus: orNull(readNumber)(summary.httpStatus, `${where}.httpStatus`),
    services: readList(summary.services, `${where}.services`, readText),
    startNanos: BigInt(readText(summary.startTimeUnixNano, `${where}.startTimeUnixNano`)),
    durationMillis: readNumber(summary.durationMillis, `${where}.durationMillis`),
    isDurationTrusted: summary.isDurationTrusted !== false,
    spanCount: readNumber(summary.spanCount, `${where}.spanCount`),
    failureCount: readNumber(summary.failureCount, `${where}.failureCount`),
    logCount: readNumber(summary.logCount, `${where}.logCount`),
  }
}

/** What the page shows of it, loose log records among the others. */
export type CollectorStatus = Pick<WireStatus, 'title' | 'version' | 'startTime' | 'emptied'> & {
  readonly traces: number
  readonly spans: number
  readonly logRecords: number
  readonly evictedTraces: number
}

/** Reads `/api/status`. @throws UnexpectedAnswer that names the field. */
export function readCollectorStatus(value: unknown): CollectorStatus {
  const status = readObject(value, 'answer')
  const stored = readObject(status.stored, 'stored')
  const evicted = readObject(status.evicted, 'evicted')
  return {
    title: readText(status.title, 'title'),
    version: readText(status.version, 'version'),
    startTime: readText(status.startTime, 'startTime'),
    traces: readNumber(stored.traces, 'stored.traces'),
    spans: readNumber(stored.spans, 'stored.spans'),
    logRecords:
      readNumber(stored.logRecords, 'stored.logRecords') +
      readNumber(stored.looseLogRecords, 'stored.looseLogRecords'),
    evictedTraces: readNumber(evicted.traces, 'evicted.traces'),
    emptied: readNumber(status.emptied, 'emptied'),
  }
}

/** The names of the runtimes, or services, of which something is stored, sorted. */
export function readNames(of: 'runtimes' | 'services'): (value: unknown) => readonly string[] {
  return (value) =>
    readList(readObject(value, 'answer')[of], of, (item, where) =>
      readText(readObject(item, where).name, `${where}.name`),
    )
}
