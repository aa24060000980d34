import type { LogEntry, SpanNode, TraceTree } from '../../../../comparison/trace/trace-tree.ts'
import { type Failures, findFailures } from '../../../../wire/spans/find-failures.ts'
import { listNodes } from '../held-trace.ts'

/** A line of the waterfall: a span, or a log record below the span in which it was written. */
export type WaterfallRow = {
  /** Unique within the trace, and the same when it is read again. */
  readonly key: string
  /** 1 at the top. */
  readonly level: number
  /** Key of the parent span, or of a log record's span. */
  readonly parentKey: string | null
  /** Whether the list of traces counts it among the errors. */
  readonly isError: boolean
} & (
  | {
      readonly kind: 'span'
      readonly node: SpanNode
      /** Spans and log records anywhere below. */
      readonly below: number
      readonly isOpen: boolean
    }
  | { readonly kind: 'log'; readonly entry: LogEntry }
)

/**
 * The rows of a trace from the top down, without those below a closed span.
 *
 * Log records stand among the children of their span by time; those that lead to no span come last.
 */
export function listWaterfallRows(
  tree: TraceTree,
  closed: ReadonlySet<string>,
): readonly WaterfallRow[] {
  const rows: WaterfallRow[] = []
  const below = countBelow(tree.roots)
  const failures = findFailuresOf(tree)
  const counts = new Map<string, number>()
  const number = (id: string): string => {
    const count = (counts.get(id) ?? 0) + 1
    counts.set(id, count)
    return count === 1 ? id : `${id}.${count}`
  }
  const keyOf = (node: SpanNode) => number(node.span.spanId || 'span')
  const logKeyOf = (entry: LogEntry) => number(`log.${readLogNanos(entry)}`)

  type Pending = { readonly item: Item; readonly level: number; readonly parentKey: string | null }
  const pending: Pending[] = orderItems(tree.roots, [])
    .map((item) => ({ item, level: 1, parentKey: null }))
    .reverse()
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { item, level, parentKey } = next
    if (item.kind === 'log') {
      rows.push(createLogRow(item.entry, level, parentKey, logKeyOf(item.entry), failures))
      continue
    }
    const key = keyOf(item.node)
    const isOpen = !closed.has(key)
    const isError = failures.spans.has(item.node.span)
    const count = below.get(item.node) ?? 0
    rows.push({
      kind: 'span',
      key,
      level,
      parentKey,
      isError,
      node: item.node,
      below: count,
      isOpen,
    })
    if (!isOpen) continue
    const inside = orderItems(item.node.children, item.node.logs)
    for (const child of inside.reverse())
      pending.push({ item: child, level: level + 1, parentKey: key })
  }
  for (const entry of tree.looseLogs)
    rows.push(createLogRow(entry, 1, null, logKeyOf(entry), failures))
  return rows
}

type Item =
  | { readonly kind: 'span'; readonly node: SpanNode }
  | { readonly kind: 'log'; readonly entry: LogEntry }

function orderItems(nodes: readonly SpanNode[], logs: readonly LogEntry[]): Item[] {
  const items: Item[] = [
    ...nodes.map((node) => ({ kind: 'span', node }) as const),
    ...logs.map((entry) => ({ kind: 'log', entry }) as const),
  ]
  return items
    .map((item) => ({ item, nanos: readItemNanos(item) }))
    .sort((a, b) => (a.nanos < b.nanos ? -1 : a.nanos > b.nanos ? 1 : 0))
    .map(({ item }) => item)
}

function readItemNanos(item: Item): bigint {
  return item.kind === 'span' ? item.node.span.startNanos : readLogNanos(item.entry)
}

/** When it happened, or else when it was noticed. */
export function readLogNanos({ record }: LogEntry): bigint {
  return record.timeNanos === 0n ? record.observedTimeNanos : record.timeNanos
}

function findFailuresOf({ roots, looseLogs }: TraceTree): Failures {
  const nodes = listNodes(roots)
  const entries = [...nodes.flatMap(({ logs }) => logs), ...looseLogs]
  return findFailures(
    nodes.map(({ span }) => span),
    entries.map(({ record }) => record),
  )
}

function createLogRow(
  entry: LogEntry,
  level: number,
  parentKey: string | null,
  key: string,
  failures: Failures,
): WaterfallRow {
  const isError = failures.logRecords.has(entry.record)
  return { kind: 'log', key, level, parentKey, isError, entry }
}

function countBelow(roots: readonly SpanNode[]): ReadonlyMap<SpanNode, number> {
  const order: SpanNode[] = [...roots]
  for (const node of order) for (const child of node.children) order.push(child)
  const counts = new Map<SpanNode, number>()
  for (const node of order.reverse()) {
    const inside = node.children.reduce((sum, child) => sum + 1 + (counts.get(child) ?? 0), 0)
    counts.set(node, inside + node.logs.length)
  }
  return counts
}

/** The next row with an error from a position on, wrapping at the end; -1 if there is none. */
export function findError(rows: readonly WaterfallRow[], from: number, step: 1 | -1): number {
  for (let tries = 1; tries <= rows.length; tries += 1) {
    const at = (((from + step * tries) % rows.length) + rows.length) % rows.length
    if (rows[at]?.isError === true) return at
  }
  return -1
}
