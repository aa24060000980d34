import { alignRows, type Row } from '../trace/align-rows.ts'
import { type Role, readRole } from '../trace/role.ts'
import type { SpanNode, TraceTree } from '../trace/trace-tree.ts'

/** One step of an operation over many traces; a lane that never took it is absent. */
export type StepTime = {
  /** Its role, such as `SELECT todos`. */
  readonly label: string
  /** 0 at the top. */
  readonly depth: number
  /** The step that this one is part of; `null` at the top. */
  readonly parent: StepTime | null
  readonly lanes: ReadonlyMap<string, LaneStepTime>
}

/** The time of a step on one lane. Means are over all traces of the lane, those without the step too. */
export type LaneStepTime = {
  /** Mean time that no span below it explains. */
  readonly selfMillis: number
  /** Mean of that and of all steps below: what is side by side counts twice. */
  readonly totalMillis: number
  /** Mean number of spans. */
  readonly spansPerTrace: number
  /** One of each trace that has the step. */
  readonly occurrences: readonly StepOccurrence[]
}

/** A step in one trace, which may have taken it several times. */
export type StepOccurrence = {
  /** Index of the trace on its lane. */
  readonly trace: number
  readonly selfMillis: number
  readonly spanCount: number
  /** The longest of its spans. */
  readonly longest: SpanNode
}

/**
 * Adds up the time of each step over the traces of each lane.
 *
 * Spans of one role under the same parent are one step, however many a trace has of them: a statement in a loop is one
 * step of many spans. Steps of different lanes pair by role, as `alignTraces` pairs spans. Takes traces of any depth.
 *
 * @returns Depth first, so a parent always precedes its children; siblings in the order of the first lane.
 */
export function measureSteps(
  lanes: ReadonlyMap<string, readonly TraceTree[]>,
): readonly StepTime[] {
  const counts = mapValues(lanes, (traces) => traces.length)
  const roots = mapValues(lanes, (traces) =>
    traces.flatMap((tree, trace) => tree.roots.map((node) => ({ trace, node }))),
  )
  const drafts: Draft[] = []
  const pending = alignSteps(null, roots, counts).reverse()
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    drafts.push(next.draft)
    const below = mapValues(next.members, ({ spans }) =>
      spans.flatMap(({ trace, node }) => node.children.map((child) => ({ trace, node: child }))),
    )
    for (const child of alignSteps(next.draft, below, counts).reverse()) pending.push(child)
  }
  for (const { parent, lanes: own } of drafts.toReversed())
    for (const [name, { totalMillis }] of own) {
      const above = parent?.lanes.get(name)
      if (above !== undefined) above.totalMillis += totalMillis
    }
  return drafts
}

type Draft = Omit<StepTime, 'parent' | 'lanes'> & {
  readonly parent: Draft | null
  readonly lanes: ReadonlyMap<string, LaneDraft>
}

type LaneDraft = Omit<LaneStepTime, 'totalMillis'> & { totalMillis: number }

type TracedNode = { readonly trace: number; readonly node: SpanNode }

/** Spans of one role under the same step, on one lane. */
type Group = { readonly role: Role; readonly spans: TracedNode[] }

function alignSteps(
  parent: Draft | null,
  below: ReadonlyMap<string, readonly TracedNode[]>,
  counts: ReadonlyMap<string, number>,
): { readonly draft: Draft; readonly members: Row<Group> }[] {
  const groups = mapValues(below, groupByRole)
  return alignRows(groups, ({ role }) => role.levels).map((row) => {
    // In the order of the lanes, so that the reference names the step where it can.
    const members = new Map(
      [...below.keys()].flatMap((name) => {
        const group = row.get(name)
        return group === undefined ? [] : [[name, group] as const]
      }),
    )
    const [first] = members.values()
    const draft: Draft = {
      label: first?.role.label ?? '',
      depth: parent === null ? 0 : parent.depth + 1,
      parent,
      lanes: new Map(
        [...members].map(([name, { spans }]) => [name, addUp(spans, counts.get(name) ?? 1)]),
      ),
    }
    return { draft, members }
  })
}

/** A duplicate is the same work once more. */
function groupByRole(spans: readonly TracedNode[]): readonly Group[] {
  const groups = new Map<string, Group>()
  for (const one of spans) {
    if (one.node.duplicate) continue
    const role = readRole(one.node.span)
    const key = `${one.node.span.kind} ${role.label}`
    const group = groups.get(key) ?? { role, spans: [] }
    groups.set(key, group)
    group.spans.push(one)
  }
  return [...groups.values()]
}

function addUp(spans: readonly TracedNode[], traceCount: number) {
  const occurrences = [...Map.groupBy(spans, ({ trace }) => trace)].map(
    ([trace, own]): StepOccurrence => ({
      trace,
      selfMillis: own.reduce((sum, { node }) => sum + readSelfMillis(node), 0),
      spanCount: own.length,
      longest: own.map(({ node }) => node).reduce((a, b) => (readNanos(b) > readNanos(a) ? b : a)),
    }),
  )
  const selfMillis = occurrences.reduce((sum, one) => sum + one.selfMillis, 0) / traceCount
  const spansPerTrace = spans.length / traceCount
  return { selfMillis, totalMillis: selfMillis, spansPerTrace, occurrences }
}

/** A child counts within its parent's time only: clocks differ, and some work goes on after the answer. */
function readSelfMillis({ span, children }: SpanNode): number {
  let self = 0n
  let at = span.startNanos
  // Children are in the order of their starts.
  for (const { span: child } of children) {
    const start = child.startNanos > at ? child.startNanos : at
    const end = child.endNanos < span.endNanos ? child.endNanos : span.endNanos
    if (end <= start) continue
    self += start - at
    at = end
  }
  if (span.endNanos > at) self += span.endNanos - at
  return Number(self) / 1e6
}

/** 0 for a span without an end, or that ends before it starts. */
function readNanos({ span: { startNanos, endNanos } }: SpanNode): bigint {
  return endNanos > startNanos ? endNanos - startNanos : 0n
}

function mapValues<V, W>(map: ReadonlyMap<string, V>, change: (value: V) => W): Map<string, W> {
  return new Map([...map].map(([key, value]) => [key, change(value)]))
}
