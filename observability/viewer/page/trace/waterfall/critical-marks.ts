import type { CriticalStretch } from '../../../../comparison/latency/critical-path.ts'
import type { SpanNode } from '../../../../comparison/trace/trace-tree.ts'
import type { WaterfallRow } from './waterfall-rows.ts'

/** A stretch of the critical path on a row. */
export type CriticalMark = Pick<CriticalStretch, 'startNanos' | 'endNanos'>

/** A loop may have thousands of gaps between its steps; of those only the longest are drawn. */
const marksMax = 200

/**
 * The critical path as marks by the key of their row. A closed row has the marks of what it hides.
 *
 * @returns Empty when the path has one span alone: then there is nothing to tell apart.
 */
export function listCriticalMarks(
  path: readonly CriticalStretch[],
  rows: readonly WaterfallRow[],
): ReadonlyMap<string, readonly CriticalMark[]> {
  const byNode = Map.groupBy(path, ({ node }) => node)
  const marks = new Map<string, readonly CriticalMark[]>()
  if (byNode.size < 2) return marks
  for (const row of rows) {
    if (row.kind !== 'span') continue
    const nodes = row.isOpen ? [row.node] : listBelow(row.node)
    const own = joinStretches(nodes.flatMap((node) => byNode.get(node) ?? []))
    if (own.length > 0) marks.set(row.key, own)
  }
  return marks
}

/** Spans of one name that were most of a path by themselves, without what was below them. */
export function findMostCritical(path: readonly CriticalStretch[]) {
  let most: { readonly nodes: ReadonlySet<SpanNode>; readonly millis: number } | undefined
  for (const stretches of Map.groupBy(path, ({ node }) => node.span.name).values()) {
    const millis = sumMillis(stretches)
    if (most === undefined || millis > most.millis)
      most = { nodes: new Set(stretches.map(({ node }) => node)), millis }
  }
  return most && { ...most, share: most.millis / sumMillis(path) }
}

/** Milliseconds of all of them. */
export function sumMillis(stretches: readonly CriticalMark[]): number {
  return stretches.reduce((sum, one) => sum + Number(one.endNanos - one.startNanos) / 1e6, 0)
}

function listBelow(node: SpanNode): readonly SpanNode[] {
  const found = [node]
  for (const { children } of found) for (const child of children) found.push(child)
  return found
}

/** Stretches of a path never overlap, but one may begin where another ends. */
function joinStretches(stretches: readonly CriticalMark[]): readonly CriticalMark[] {
  const joined: { startNanos: bigint; endNanos: bigint }[] = []
  for (const { startNanos, endNanos } of stretches.toSorted((a, b) =>
    a.startNanos < b.startNanos ? -1 : 1,
  )) {
    const last = joined.at(-1)
    if (last?.endNanos === startNanos) last.endNanos = endNanos
    else joined.push({ startNanos, endNanos })
  }
  const nanosOf = (one: CriticalMark) => Number(one.endNanos - one.startNanos)
  return joined.toSorted((a, b) => nanosOf(b) - nanosOf(a)).slice(0, marksMax)
}
