import { createTraceTree } from '../../comparison/trace/create-trace-tree.ts'
import type { SpanNode, TraceTree } from '../../comparison/trace/trace-tree.ts'
import type { TraceDocument } from '../../otlp/files/parse-trace-document.ts'
import {
  type AnyValue,
  type ResourceGroup,
  type ResourceLogs,
  type ResourceSpans,
  readAttribute,
  SpanKind,
  StatusCode,
} from '../../otlp/model.ts'
import { querySpan } from '../../wire/where/query-span.ts'
import { matchesWhere, type Where } from '../../wire/where/where.ts'

/** A request that is in a trace that was stored: what a service did from its server span on. */
export type StoredRequest = {
  /** Name of the server span and its HTTP status, such as `GET /todos/:id 200`. */
  readonly operation: string
  /** The name alone. */
  readonly route: string
  /** Whether the service failed: a 5xx, or an error. */
  readonly isFailure: boolean
  readonly method: string
  readonly path: string
  /** Milliseconds of the server span, by the service's own clock. */
  readonly millis: number
  readonly trace: TraceTree
}

type GroupOptions = {
  /** Reads the group of a request from its server span; `undefined` for one that belongs to none. */
  readonly by: (node: SpanNode) => string | undefined
  readonly where: Where
}

/**
 * Finds the requests in traces, by group: each outermost server span with all below it. In a trace without any, each
 * root counts instead.
 */
export function groupRequests(
  contents: readonly TraceDocument[],
  { by, where }: GroupOptions,
): ReadonlyMap<string, readonly StoredRequest[]> {
  const groups = new Map<string, StoredRequest[]>()
  for (const { spans, logs } of splitTraces(contents)) {
    for (const node of findEntries(createTraceTree(spans, logs).roots)) {
      const group = by(node)
      if (
        group === undefined ||
        !matchesWhere(where, querySpan(node.span, node.resource.attributes))
      )
        continue
      const requests = groups.get(group) ?? []
      groups.set(group, requests)
      requests.push(createRequest(node))
    }
  }
  return groups
}

type Trace = { readonly spans: ResourceSpans[]; readonly logs: ResourceLogs[] }

/** What belongs to one trace stands together, wherever it stood in the files. */
function splitTraces(contents: readonly TraceDocument[]): Iterable<Trace> {
  const traces = new Map<string, Trace>()
  const traceOf = (traceId: string) => {
    const trace = traces.get(traceId) ?? { spans: [], logs: [] }
    traces.set(traceId, trace)
    return trace
  }
  for (const { spans, logs } of contents) {
    for (const [traceId, group] of splitGroups(spans)) traceOf(traceId).spans.push(group)
    for (const [traceId, group] of splitGroups(logs))
      if (traceId !== '') traceOf(traceId).logs.push(group)
  }
  return traces.values()
}

function* splitGroups<T extends { readonly traceId: string }>(
  groups: readonly ResourceGroup<T>[],
): Generator<readonly [string, ResourceGroup<T>]> {
  for (const group of groups) {
    for (const scope of group.scopes) {
      for (const [traceId, items] of Map.groupBy(scope.items, (item) => item.traceId))
        yield [traceId, { ...group, scopes: [{ ...scope, items }] }]
    }
  }
}

function findEntries(roots: readonly SpanNode[]): readonly SpanNode[] {
  const servers: SpanNode[] = []
  const rest = [...roots]
  for (const node of rest) {
    if (node.span.kind === SpanKind.server) servers.push(node)
    else for (const child of node.children) rest.push(child)
  }
  return servers.length > 0 ? servers : roots
}

function createRequest(node: SpanNode): StoredRequest {
  const { attributes, startNanos, endNanos } = node.span
  const name = cutName(node.span.name)
  const read = (key: string) => renderText(readAttribute(attributes, key))
  const status = read('http.response.status_code')
  return {
    operation: status === undefined ? name : `${name} ${status}`,
    route: name,
    isFailure: Number(status) >= 500 || node.span.status.code === StatusCode.error,
    method: read('http.request.method') ?? '',
    path: read('url.path') ?? read('http.route') ?? '',
    millis: Number(endNanos - startNanos) / 1e6,
    trace: {
      driver: null,
      roots: [{ ...node, attachment: 'root' }],
      looseLogs: [],
      spanCount: countSpans(node),
    },
  }
}

/** A name goes into every line about it, and anybody may have sent it. */
const nameCharsMax = 200

function cutName(name: string): string {
  return name.length > nameCharsMax ? `${name.slice(0, nameCharsMax)}…` : name
}

function countSpans(node: SpanNode): number {
  const nodes = [node]
  for (const { children } of nodes) for (const child of children) nodes.push(child)
  return nodes.length
}

/** A reader of groups by an attribute of the server span, or else of its resource. */
export function groupByAttribute(key: string): GroupOptions['by'] {
  return ({ span, resource }) =>
    // An empty text is no value: the driver names its runtime so.
    renderText(readAttribute(span.attributes, key) ?? readAttribute(resource.attributes, key)) ||
    undefined
}

function renderText(value: AnyValue | undefined): string | undefined {
  if (value === undefined || value === null || typeof value === 'object') return undefined
  return String(value)
}
