import { join } from 'node:path'
import * as v from 'valibot'
import { readCollectorConfig } from '../../observability/collector/config/read-collector-config.ts'
import { type Collector, startCollector } from '../../observability/collector/start-collector.ts'
import { parseLogsJson, parseTracesJson } from '../../observability/otlp/decode-json.ts'
import type {
  AnyValue,
  Attribute,
  LogRecord,
  Resource,
  Scope,
  Span,
} from '../../observability/otlp/model.ts'
import { pollUntil } from '../../observability/plumbing/poll-until.ts'
import { projectFolder } from '../processes/project-folder.ts'

/** What a collector has of one trace. */
export type ArrivedTrace = {
  readonly spans: readonly (Sent & { readonly span: Span })[]
  readonly logs: readonly (Sent & { readonly record: LogRecord })[]
}

/** What a span or a record came with. */
type Sent = { readonly resource: Resource; readonly scope: Scope; readonly schemaUrl: string }

/** Starts the embedded collector on a free port, with the project's own configuration. */
export async function startTestCollector(port = 0): Promise<Collector & AsyncDisposable> {
  const config = readCollectorConfig(
    join(projectFolder, 'observability', 'stack', 'collector.yaml'),
  )
  const collector = await startCollector({ config, host: '127.0.0.1', port })
  return { ...collector, [Symbol.asyncDispose]: () => collector.close() }
}

const storedTrace = v.object({
  resourceSpans: v.array(v.unknown()),
  resourceLogs: v.array(v.unknown()),
})

/**
 * Waits until a trace has as many spans and log records as it must have, and gives it.
 *
 * @throws When it has not after 5 s, with what it had.
 */
export async function awaitTrace(
  collectorUrl: string,
  traceId: string,
  isComplete: (trace: ArrivedTrace) => boolean,
): Promise<ArrivedTrace> {
  let trace: ArrivedTrace = { spans: [], logs: [] }
  const hasArrived = async () => {
    trace = await readTrace(collectorUrl, traceId)
    return isComplete(trace)
  }
  if (await pollUntil(hasArrived, 5000)) return trace
  const names = trace.spans.map(({ span }) => span.name)
  throw new Error(
    `trace ${traceId} has only spans ${JSON.stringify(names)} and ${trace.logs.length} log records`,
  )
}

/** Fetches a trace with its log records; empty if the collector has not got it. */
export async function readTrace(collectorUrl: string, traceId: string): Promise<ArrivedTrace> {
  const response = await fetch(`${collectorUrl}/api/traces/${traceId}`)
  if (response.status === 404) return { spans: [], logs: [] }
  const { resourceSpans, resourceLogs } = v.parse(storedTrace, await response.json())
  return {
    spans: parseTracesJson(JSON.stringify({ resourceSpans })).flatMap(({ resource, scopes }) =>
      scopes.flatMap(({ scope, schemaUrl, items }) =>
        items.map((span) => ({ span, resource, scope, schemaUrl })),
      ),
    ),
    logs: parseLogsJson(JSON.stringify({ resourceLogs })).flatMap(({ resource, scopes }) =>
      scopes.flatMap(({ scope, schemaUrl, items }) =>
        items.map((record) => ({ record, resource, scope, schemaUrl })),
      ),
    ),
  }
}

/**
 * Attributes by key: an int is a `bigint` here, a double a `number`, so that a test sees the type.
 *
 * @throws When a key is there twice, which OTLP forbids.
 */
export function byKey(attributes: readonly Attribute[]): Record<string, AnyValue> {
  const keyed = Object.fromEntries(attributes.map(({ key, value }) => [key, value]))
  if (Object.keys(keyed).length < attributes.length)
    throw new Error(`a key is there twice: ${attributes.map(({ key }) => key).join(', ')}`)
  return keyed
}
