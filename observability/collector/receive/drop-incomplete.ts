import type { ResourceSpans, Span } from '../../otlp/model.ts'

/**
 * The spans that can be told apart, and how many could not.
 *
 * A span without a trace id or a span id belongs to nothing and could never be found
 * again; OTLP calls such an id invalid. The rest of the request is fine, so it is a
 * partial success. Log records need neither id, so none is refused for lacking one.
 */
export function dropIncompleteSpans(groups: readonly ResourceSpans[]): {
  readonly groups: readonly ResourceSpans[]
  readonly rejected: number
} {
  let rejected = 0
  for (const group of groups) {
    for (const scope of group.scopes) {
      for (const span of scope.items) if (!isComplete(span)) rejected += 1
    }
  }
  if (rejected === 0) return { groups, rejected }
  const kept = groups.map((group) => ({
    ...group,
    scopes: group.scopes.map((scope) => ({ ...scope, items: scope.items.filter(isComplete) })),
  }))
  return { groups: kept, rejected }
}

function isComplete(span: Span): boolean {
  return span.traceId !== '' && span.spanId !== ''
}
