import type { OtlpSink } from '../collector-parity/otlp-sink.ts'
import { parseLogsJson, parseTracesJson } from '../otlp/decode-json.ts'
import type { Attribute, LogRecord, ResourceGroup } from '../otlp/model.ts'
import type { SpanOfResource } from './spans/span-series.ts'

export type LogOfResource = { readonly record: LogRecord; readonly resource: readonly Attribute[] }

/** What came in at LGTM, one by one, in the order of arrival. */
export type Recorder = {
  readSpans(): readonly SpanOfResource[]
  readLogs(): readonly LogOfResource[]
}

/** Reads each request once, however often it is asked. */
export function createRecorder({ requests }: OtlpSink): Recorder {
  const spans: SpanOfResource[] = []
  const logs: LogOfResource[] = []
  let read = 0

  function readNew(): void {
    for (const { path, body } of requests.slice(read)) {
      const text = body.toString('utf8')
      if (path === '/v1/traces')
        spans.push(...list(parseTracesJson(text), (span, resource) => ({ span, resource })))
      else if (path === '/v1/logs')
        logs.push(...list(parseLogsJson(text), (record, resource) => ({ record, resource })))
    }
    read = requests.length
  }

  return {
    readSpans() {
      readNew()
      return spans
    },
    readLogs() {
      readNew()
      return logs
    },
  }
}

function list<T, R>(
  groups: readonly ResourceGroup<T>[],
  join: (item: T, resource: readonly Attribute[]) => R,
): readonly R[] {
  return groups.flatMap(({ resource, scopes }) =>
    scopes.flatMap(({ items }) => items.map((item) => join(item, resource.attributes))),
  )
}
