import { type Span, SpanKind } from '../../otlp/model.ts'

/** The span that gives a trace its title, and the one that it began with. */
export type MainSpan<S> = { readonly main: S; readonly root: S }

/**
 * Finds the span that stands for a trace, in lists as on its own page: the outermost server span, by its parents and not
 * by its time, because clocks of two machines may disagree; without one the root.
 *
 * The root is the earliest span without a parent, or else the earliest whose parent has not arrived.
 *
 * @returns `undefined` for a trace without spans.
 */
export function findMainSpan<S extends Span>(spans: readonly S[]): MainSpan<S> | undefined {
  const inOrder = spans.toSorted((a, b) =>
    a.startNanos === b.startNanos ? 0 : a.startNanos < b.startNanos ? -1 : 1,
  )
  const root = findRoot(inOrder)
  return root === undefined ? undefined : { root, main: findOutermostServer(inOrder) ?? root }
}

function findRoot<S extends Span>(spans: readonly S[]): S | undefined {
  const root = spans.find(({ parentSpanId }) => parentSpanId === '')
  if (root !== undefined) return root
  const ids = new Set(spans.map(({ spanId }) => spanId))
  return spans.find(({ parentSpanId }) => !ids.has(parentSpanId)) ?? spans[0]
}

function findOutermostServer<S extends Span>(spans: readonly S[]): S | undefined {
  const servers = spans.filter(({ kind }) => kind === SpanKind.server)
  if (servers.length < 2) return servers[0]
  const byId = new Map(spans.map((span) => [span.spanId, span]))
  return servers.find((server) => !hasServerAbove(server, byId)) ?? servers[0]
}

/** Parents may lead back to where they began. */
const parentsMax = 100

function hasServerAbove(span: Span, byId: ReadonlyMap<string, Span>): boolean {
  let parent = byId.get(span.parentSpanId)
  for (let steps = 0; parent !== undefined && steps < parentsMax; steps += 1) {
    if (parent.kind === SpanKind.server) return true
    parent = byId.get(parent.parentSpanId)
  }
  return false
}
