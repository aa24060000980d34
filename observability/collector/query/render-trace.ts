import { encodeLogsJson, encodeTracesJson } from '../../otlp/encode-json.ts'
import type { ResourceGroup } from '../../otlp/model.ts'
import { renderAttributes } from '../../otlp/to-json/any-value.ts'
import type { Source } from '../store/source-pool.ts'
import type { Part, StoredTrace } from '../store/stored-trace.ts'
import { readTime } from './search-logs.ts'
import { compareBigints } from './summarize-trace.ts'

/**
 * The whole trace as JSON: `{ traceId, resourceSpans, resourceLogs }`, the lists as OTLP/JSON
 * has them. Spans and log records are in order of time within their scope, scopes within
 * their resource, and resources, by what they have first.
 */
export function renderTrace(trace: StoredTrace): string {
  const spans = encodeTracesJson(groupByResource(trace.spans, (span) => span.startNanos))
  const logs = encodeLogsJson(groupByResource(trace.logRecords, readTime))
  // Joined as text: to parse both only to add a member would double the work.
  const members = [
    `"traceId":"${trace.traceId}"`,
    spans.slice(1, -1) || '"resourceSpans":[]',
    logs.slice(1, -1) || '"resourceLogs":[]',
  ]
  return `{${members.join()}}`
}

function groupByResource<T>(
  parts: readonly Part<T>[],
  readNanos: (item: T) => bigint,
): readonly ResourceGroup<T>[] {
  const byResource = new Map<string, ResourceGroup<T> & { readonly scopes: ScopeGroup<T>[] }>()
  for (const { source, items } of sortParts(parts, readNanos)) {
    const key = renderResourceKey(source)
    const group = byResource.get(key) ?? {
      resource: source.resource,
      schemaUrl: source.resourceSchemaUrl,
      scopes: [],
    }
    byResource.set(key, group)
    group.scopes.push({ scope: source.scope, schemaUrl: source.scopeSchemaUrl, items })
  }
  return [...byResource.values()]
}

type ScopeGroup<T> = ResourceGroup<T>['scopes'][number]

function sortParts<T>(
  parts: readonly Part<T>[],
  readNanos: (item: T) => bigint,
): readonly Part<T>[] {
  const byTime = (a: T, b: T) => compareBigints(readNanos(a), readNanos(b))
  const firstNanos = ([first]: readonly T[]) => (first === undefined ? 0n : readNanos(first))
  return parts
    .map(({ source, items }) => ({ source, items: items.toSorted(byTime) }))
    .sort((a, b) => compareBigints(firstNanos(a.items), firstNanos(b.items)))
}

/** Sources differ by scope; those of equal resources belong together. */
function renderResourceKey({ resource, resourceSchemaUrl }: Source): string {
  const attributes = renderAttributes(resource.attributes)
  return JSON.stringify([attributes, resource.droppedAttributesCount, resourceSchemaUrl])
}
