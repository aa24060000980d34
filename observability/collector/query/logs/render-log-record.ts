import { encodeLogsJson } from '../../../otlp/encode-json.ts'
import type { AnyValue } from '../../../otlp/model.ts'
import { renderAnyValue, renderAttributes } from '../../../otlp/to-json/any-value.ts'
import type { JsonValue } from '../../../otlp/to-json/json-value.ts'
import { readEventName } from '../../../wire/event-name.ts'
import type { LogLine } from '../../../wire/logs.ts'
import { readSeverity } from '../../../wire/severity.ts'
import type { StoredLogRecord } from '../../store/stored-trace.ts'
import { renderTime } from '../time.ts'
import { readTime } from './search-logs.ts'

/** @param id What `ArrivalMarks` makes of its arrival. */
export function renderLogRecord(record: StoredLogRecord, id: string): LogLine {
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
