import { encodeLogsJson, encodeTracesJson } from '../../../otlp/encode-json.ts'
import type { ResourceGroup } from '../../../otlp/model.ts'
import { renderResource } from '../../../otlp/to-json/groups.ts'
import type { Source } from '../../store/source-pool.ts'
import type { StoredTrace } from '../../store/stored-trace.ts'
import { readTime } from '../logs/search-logs.ts'
import { compareBigints } from './summarize-trace.ts'

/**
 * The whole trace as JSON: `{ traceId, isDurationTrusted, resourceSpans, resourceLogs }`, the lists as
 * OTLP/JSON has them. Spans and log records are in order of time within their scope, scopes within
 * their resource, and resources, by what they have first.
 */
export function renderTrace({ traceId, spans, logRecords, impossibleSpans }: StoredTrace): string {
  const spansJson = encodeTracesJson(groupItems(spans, (span) => span.startNanos))
  const logsJson = encodeLogsJson(groupItems(logRecords, readTime))
  // Joined as text: to parse both only to add a member would double the work.
  const members = [
    `"traceId":"${traceId}"`,
    `"isDurationTrusted":${impossibleSpans === undefined}`,
    spansJson.slice(1, -1) || '"resourceSpans":[]',
    logsJson.slice(1, -1) || '"resourceLogs":[]',
  ]
  return `{${members.join()}}`
}

/** Items under their resource and scope, in order of time. */
export function groupItems<T extends { readonly source: Source }>(
  items: readonly T[],
  readNanos: (item: T) => bigint,
): readonly ResourceGroup<T>[] {
  const sorted = items.toSorted((a, b) => compareBigints(readNanos(a), readNanos(b)))
  const byResource = new Map<string, ResourceGroup<T> & { readonly scopes: ScopeGroup<T>[] }>()
  for (const [source, ownItems] of Map.groupBy(sorted, (item) => item.source)) {
    // Sources differ by scope; those of equal resources belong together.
    const key = renderResourceKey(source)
    const { resource, resourceSchemaUrl: schemaUrl } = source
    const group = byResource.get(key) ?? { resource, schemaUrl, scopes: [] }
    byResource.set(key, group)
    group.scopes.push({ scope: source.scope, schemaUrl: source.scopeSchemaUrl, items: ownItems })
  }
  return [...byResource.values()]
}

type ScopeGroup<T> = ResourceGroup<T>['scopes'][number]

function renderResourceKey({ resource, resourceSchemaUrl }: Source): string {
  return JSON.stringify([renderResource(resource), resourceSchemaUrl])
}
