import type { SpanNode, TraceTree } from '../../../comparison/trace/trace-tree.ts'
import { type Span, StatusCode } from '../../../otlp/model.ts'

/** All spans of a trace, those nearer to the top first. */
export function listSpanNodes({ roots }: Pick<TraceTree, 'roots'>): readonly SpanNode[] {
  const nodes = [...roots]
  for (const { children } of nodes) for (const child of children) nodes.push(child)
  return nodes
}

/** Spans that failed though nothing below them did: where an error began. */
export function listFailedSpans(nodes: readonly SpanNode[]): readonly SpanNode[] {
  return nodes.filter(
    ({ span, children }) => hasFailed(span) && !children.some((child) => hasFailed(child.span)),
  )
}

function hasFailed({ status }: Span): boolean {
  return status.code === StatusCode.error
}

/** Milliseconds of a span; 0 if it ends before it starts. */
export function readSpanMillis({ startNanos, endNanos }: Span): number {
  return endNanos > startNanos ? Number(endNanos - startNanos) / 1e6 : 0
}
