import { encodeLogsJson, encodeTracesJson } from '../../otlp/encode-json.ts'
import { decodeTraceDocument } from '../../otlp/files/parse-trace-document.ts'
import type { LogRecord, Resource, ResourceGroup, Scope, Span } from '../../otlp/model.ts'
import { createTraceTree } from './create-trace-tree.ts'
import type { LogEntry, SpanNode, TraceTree } from './trace-tree.ts'

/** A trace as OTLP/JSON, ready to stand in a larger document. */
export type TraceJson = {
  /** The parent of spans that the request itself caused; that span is not in here. */
  readonly driverSpanId: string
  readonly resourceSpans: unknown[]
  readonly resourceLogs: unknown[]
}

/** All of a trace but the driver's own span, so that it reads back as it is. */
export function renderTraceJson({ roots, looseLogs }: TraceTree): TraceJson {
  const nodes: SpanNode[] = [...roots]
  for (const { children } of nodes) for (const child of children) nodes.push(child)
  const entries: readonly LogEntry[] = [...nodes.flatMap(({ logs }) => logs), ...looseLogs]
  const spans = groupItems<Span>(nodes.map(({ span, ...sent }) => ({ item: span, ...sent })))
  const logs = groupItems<LogRecord>(
    entries.map(({ record, ...sent }) => ({ item: record, ...sent })),
  )
  const driven = roots.find(({ attachment }) => attachment === 'driver')
  return {
    driverSpanId: driven?.span.parentSpanId ?? '',
    resourceSpans: readList(JSON.parse(encodeTracesJson(spans)), 'resourceSpans'),
    resourceLogs: readList(JSON.parse(encodeLogsJson(logs)), 'resourceLogs'),
  }
}

/**
 * @throws DecodeError when it is not OTLP.
 */
export function parseTraceJson({ driverSpanId, ...document }: TraceJson): TraceTree {
  const { spans, logs } = decodeTraceDocument(document)
  return createTraceTree(spans, logs, { driverSpanId })
}

type Sent<T> = { readonly item: T; readonly resource: Resource; readonly scope: Scope }

function groupItems<T>(sent: readonly Sent<T>[]): readonly ResourceGroup<T>[] {
  return [...Map.groupBy(sent, ({ resource }) => resource)].map(([resource, own]) => ({
    resource,
    schemaUrl: '',
    scopes: [...Map.groupBy(own, ({ scope }) => scope)].map(([scope, items]) => ({
      scope,
      schemaUrl: '',
      items: items.map(({ item }) => item),
    })),
  }))
}

function readList(value: unknown, name: string): unknown[] {
  const list: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : []
  return Array.isArray(list) ? list : []
}
