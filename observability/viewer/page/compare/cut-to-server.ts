import type { SpanNode, TraceTree } from '../../../comparison/trace/trace-tree.ts'
import { SpanKind } from '../../../otlp/model.ts'
import type { LaneWish } from './choose/lane-wish.ts'

/**
 * One request out of a trace: the outermost server span of an operation on one of the lanes, and what is
 * below it, as a trace of its own.
 *
 * Who asked is not compared. A request by curl has a root, one by a driver hangs below its caller,
 * and in one that goes through several runtimes each is below another: that is no difference between
 * runtimes.
 *
 * @returns `undefined` when the trace has no such span.
 */
export function cutToServer(
  { roots, looseLogs }: TraceTree,
  lane: LaneWish,
  operation: string,
): TraceTree | undefined {
  const pending = [...roots]
  for (const node of pending) {
    if (isServer(node, lane, operation)) {
      const root: SpanNode = { ...node, attachment: 'root' }
      // If the trace has other requests, the owner of loose records is unknown.
      const own = roots.length === 1 && roots[0] === node ? looseLogs : []
      return { driver: null, roots: [root], looseLogs: own, spanCount: countSpans(node) }
    }
    for (const child of node.children) pending.push(child)
  }
  return undefined
}

function isServer({ span, resource }: SpanNode, lane: LaneWish, operation: string): boolean {
  if (span.kind !== SpanKind.server || span.name !== operation) return false
  return lane.has(resource.attributes)
}

function countSpans(node: SpanNode): number {
  const found = [node]
  for (const { children } of found) for (const child of children) found.push(child)
  return found.length
}
