import { alignRows, type Row } from './align-rows.ts'
import { type Role, readRole } from './role.ts'
import type { SpanNode, TraceTree } from './trace-tree.ts'

/** Roles a path names at most; of a deeper path the middle is left out, so that paths stay small. */
export const pathRolesMax = 64

/** One step of a request, as each runtime took it; a runtime that skipped it is absent. */
export type Step = {
  /**
   * From the root down, such as `['GET /api/v1/todos/:id', 'SELECT todos']`; its second sibling `SELECT todos` is
   * `SELECT todos #2`. At most `pathRolesMax` long.
   */
  readonly path: readonly string[]
  /** 0 at the top; the true depth where `path` is shortened. */
  readonly depth: number
  /** The step that this one is part of; `null` at the top. */
  readonly parent: Step | null
  /** In the order of the traces; never empty. */
  readonly spans: ReadonlyMap<string, SpanNode>
}

/**
 * Lays one trace per runtime over each other, so that equal work shares a row.
 *
 * Spans pair by role under the same parent, the n-th with the n-th. Clocks are
 * never compared: two machines agree on a duration long before they agree on
 * the time.
 *
 * The driver's own span is not part of it. Takes any number of traces, of any depth.
 *
 * @returns Steps depth first, so a parent always precedes its children; siblings in the
 *   order of the first trace. Every span under the roots stands in exactly one step.
 */
export function alignTraces(traces: ReadonlyMap<string, TraceTree>): readonly Step[] {
  const steps: Step[] = []
  const roots = mapValues(traces, (trace) => trace.roots)
  const pending = alignSiblings(null, roots).reverse()
  for (let step = pending.pop(); step !== undefined; step = pending.pop()) {
    steps.push(step)
    const children = mapValues(step.spans, (node) => node.children)
    for (const child of alignSiblings(step, children).reverse()) pending.push(child)
  }
  return steps
}

/** A path as people read and write it: `GET /api/v1/todos/:id > SELECT todos`. */
export function renderPath(path: readonly string[]): string {
  return path.join(' > ')
}

function alignSiblings(
  parent: Step | null,
  lists: ReadonlyMap<string, readonly SpanNode[]>,
): Step[] {
  const roles = new Map<SpanNode, Role>()
  function readLevels(node: SpanNode): Role['levels'] {
    const role = readRole(node.span)
    roles.set(node, role)
    return role.levels
  }

  const counts = new Map<string, number>()
  return alignRows(lists, readLevels).map((row): Step => {
    const label = readLabel(row, roles)
    const count = (counts.get(label) ?? 0) + 1
    counts.set(label, count)
    const name = count === 1 ? label : `${label} #${count}`
    const path = extendPath(parent?.path ?? [], name)
    return {
      path,
      depth: parent === null ? 0 : parent.depth + 1,
      parent,
      spans: sortRow(row, lists),
    }
  })
}

/** Rows are named by the first runtime that has them: the reference, where it can. */
function readLabel(row: Row<SpanNode>, roles: ReadonlyMap<SpanNode, Role>): string {
  for (const node of row.values()) {
    const role = roles.get(node)
    if (role !== undefined) return role.label
  }
  return ''
}

function sortRow(row: Row<SpanNode>, lists: ReadonlyMap<string, unknown>): Row<SpanNode> {
  const sorted = new Map<string, SpanNode>()
  for (const runtime of lists.keys()) {
    const node = row.get(runtime)
    if (node !== undefined) sorted.set(runtime, node)
  }
  return sorted
}

function extendPath(path: readonly string[], name: string): readonly string[] {
  if (path.length < pathRolesMax) return [...path, name]
  const half = pathRolesMax / 2
  return [...path.slice(0, half), '…', ...path.slice(half + 2), name]
}

function mapValues<V, W>(map: ReadonlyMap<string, V>, change: (value: V) => W): Map<string, W> {
  return new Map([...map].map(([key, value]) => [key, change(value)]))
}
