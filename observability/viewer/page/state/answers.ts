import { orNull, readList, readNumber, readObject, readText } from './json.ts'

// Answers of the collector's query API, as `curl /` lists it.

/** One line about a trace; what no span told is `null`. */
export type TraceSummary = {
  readonly traceId: string
  readonly rootName: string
  readonly service: string | null
  readonly runtime: string | null
  readonly method: string | null
  readonly route: string | null
  readonly httpStatus: number | null
  /** `ok`, `error` or `unset`. */
  readonly status: string
  readonly startNanos: bigint
  readonly durationMillis: number
  /** `false` when a clock was set meanwhile. */
  readonly isDurationTrusted: boolean
  readonly spanCount: number
  readonly errorCount: number
  readonly logCount: number
}

export type TracePage = {
  readonly traces: readonly TraceSummary[]
  readonly nextCursor: string | null
  /** Given back as `since` it asks for what came after this answer. */
  readonly arrival: string
}

export function readTracePage(value: unknown): TracePage {
  const page = readObject(value, 'answer')
  return {
    traces: readList(page.traces, 'traces', readTraceSummary),
    nextCursor: orNull(readText)(page.nextCursor, 'nextCursor'),
    arrival: readText(page.arrival, 'arrival'),
  }
}

function readTraceSummary(value: unknown, where: string): TraceSummary {
  const summary = readObject(value, where)
  return {
    traceId: readText(summary.traceId, `${where}.traceId`),
    rootName: readText(summary.rootName, `${where}.rootName`),
    service: orNull(readText)(summary.service, `${where}.service`),
    runtime: orNull(readText)(summary.runtime, `${where}.runtime`),
    method: orNull(readText)(summary.method, `${where}.method`),
    route: orNull(readText)(summary.route, `${where}.route`),
    httpStatus: orNull(readNumber)(summary.httpStatus, `${where}.httpStatus`),
    status: readText(summary.status, `${where}.status`),
    startNanos: BigInt(readText(summary.startTimeUnixNano, `${where}.startTimeUnixNano`)),
    durationMillis: readNumber(summary.durationMillis, `${where}.durationMillis`),
    isDurationTrusted: summary.isDurationTrusted !== false,
    spanCount: readNumber(summary.spanCount, `${where}.spanCount`),
    errorCount: readNumber(summary.errorCount, `${where}.errorCount`),
    logCount: readNumber(summary.logCount, `${where}.logCount`),
  }
}

/** A log record on its own. */
export type LogLine = {
  /** Unique in one run of the collector. */
  readonly id: string
  readonly timeNanos: bigint
  /** From `trace` to `fatal`; `null` when the record does not say. */
  readonly severity: string | null
  /** Text, or OTLP/JSON of any other value. */
  readonly body: string
  readonly eventName: string | null
  /** OTLP/JSON, a list of `{key, value}`. */
  readonly attributes: unknown
  readonly traceId: string | null
  readonly spanId: string | null
  readonly service: string | null
  readonly runtime: string | null
}

export type LogPage = Omit<TracePage, 'traces'> & { readonly logs: readonly LogLine[] }

export function readLogPage(value: unknown): LogPage {
  const page = readObject(value, 'answer')
  return {
    logs: readList(page.logs, 'logs', readLogLine),
    nextCursor: orNull(readText)(page.nextCursor, 'nextCursor'),
    arrival: readText(page.arrival, 'arrival'),
  }
}

function readLogLine(value: unknown, where: string): LogLine {
  const line = readObject(value, where)
  return {
    id: readText(line.id, `${where}.id`),
    timeNanos: BigInt(readText(line.timeUnixNano, `${where}.timeUnixNano`)),
    severity: orNull(readText)(line.severity, `${where}.severity`),
    body: typeof line.body === 'string' ? line.body : JSON.stringify(line.body ?? ''),
    eventName: orNull(readText)(line.eventName, `${where}.eventName`),
    attributes: line.attributes,
    traceId: orNull(readText)(line.traceId, `${where}.traceId`),
    spanId: orNull(readText)(line.spanId, `${where}.spanId`),
    service: orNull(readText)(line.service, `${where}.service`),
    runtime: orNull(readText)(line.runtime, `${where}.runtime`),
  }
}

export type CollectorStatus = {
  /** What this page is called. */
  readonly title: string
  readonly version: string
  /** Tells one run of the collector from the next. */
  readonly startTime: string
  readonly traces: number
  readonly spans: number
  readonly logRecords: number
  readonly evictedTraces: number
  /** How often all of it was forgotten on request. */
  readonly emptied: number
}

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

/** The names of the runtimes of which something is stored, sorted. */
export function readRuntimeNames(value: unknown): readonly string[] {
  return readList(readObject(value, 'answer').runtimes, 'runtimes', (runtime, where) =>
    readText(readObject(runtime, where).name, `${where}.name`),
  )
}
