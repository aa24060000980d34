import { parseGroups } from '../from-json/groups.ts'
import { type JsonObject, parseJsonText } from '../from-json/json-text.ts'
import { parseLogRecord } from '../from-json/log-record.ts'
import { parseSpan } from '../from-json/span.ts'
import type { ResourceLogs, ResourceSpans } from '../model.ts'
import { groupNames } from '../shared/group-names.ts'

/** A trace with its log records, as `/api/traces/{traceId}` answers it. */
export type TraceDocument = {
  readonly spans: readonly ResourceSpans[]
  readonly logs: readonly ResourceLogs[]
}

/**
 * Reads `{ resourceSpans, resourceLogs }`, whose lists are as OTLP/JSON has them; either may be absent.
 *
 * @throws DecodeError naming the first field that is not what the .proto says.
 */
export function parseTraceDocument(text: string): TraceDocument {
  return decodeTraceDocument(parseJsonText(text))
}

/** The same of JSON that is parsed already, as where it stands in a larger document. */
export function decodeTraceDocument(document: JsonObject): TraceDocument {
  return {
    spans: parseGroups(document, groupNames.traces, parseSpan),
    logs: parseGroups(document, groupNames.logs, parseLogRecord),
  }
}
