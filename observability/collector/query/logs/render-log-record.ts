import { encodeLogsJson } from '../../../otlp/encode-json.ts'
import type { AnyValue } from '../../../otlp/model.ts'
import { renderAnyValue, renderAttributes } from '../../../otlp/to-json/any-value.ts'
import type { JsonValue } from '../../../otlp/to-json/json-value.ts'
import type { StoredLogRecord } from '../../store/stored-trace.ts'
import { renderTime } from '../time.ts'
import { readEventName } from './event-name.ts'
import { readTime } from './search-logs.ts'
import { readSeverity, type Severity } from './severity.ts'

/** A log record on its own, with what it would otherwise take from its surroundings. */
export type FlatLogRecord = {
  /** Tells it from any other that this run of the collector has seen; `/api/logs/{id}` has all of it. */
  readonly id: string
  /** RFC 3339 with nine digits of a second: when it happened, or else when it was noticed. */
  readonly time: string
  readonly timeUnixNano: string
  readonly severity: Severity | null
  readonly severityNumber: number
  readonly severityText: string
  /** Text as it is; any other value as OTLP/JSON has it, such as `{"kvlistValue":…}`. */
  readonly body: JsonValue | null
  readonly eventName: string | null
  /** As OTLP/JSON has them, a list of `{key, value: {intValue: "3"}}`: the types are worth seeing. */
  readonly attributes: JsonValue
  readonly traceId: string | null
  readonly spanId: string | null
  readonly service: string | null
  readonly runtime: string | null
}

/** @param id What `ArrivalMarks` makes of its arrival. */
export function renderLogRecord(record: StoredLogRecord, id: string): FlatLogRecord {
  const { source } = record
  const nanos = readTime(record)
  return {
    id,
    time: renderTime(nanos),
    timeUnixNano: String(nanos),
    severity: readSeverity(record) ?? null,
    severityNumber: record.severityNumber,
    severityText: record.severityText,
    body: renderBody(record.body),
    eventName: readEventName(record) || null,
    attributes: renderAttributes(record.attributes) ?? [],
    traceId: record.traceId || null,
    spanId: record.spanId || null,
    service: source.service || null,
    runtime: source.runtime || null,
  }
}

/** All of a log record, with its resource and scope: `{ resourceLogs }`, as OTLP/JSON has it. */
export function renderWholeLogRecord(record: StoredLogRecord): string {
  const { resource, resourceSchemaUrl, scope, scopeSchemaUrl } = record.source
  const scopes = [{ scope, schemaUrl: scopeSchemaUrl, items: [record] }]
  return encodeLogsJson([{ resource, schemaUrl: resourceSchemaUrl, scopes }])
}

function renderBody(body: AnyValue): JsonValue | null {
  if (body === null || typeof body === 'string') return body
  return renderAnyValue(body)
}
