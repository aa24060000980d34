/** Items that belong together, at most one of each runtime; never empty. */
export type Row<T> = ReadonlyMap<string, T>

/**
 * Lays lists side by side, so that items with equal keys share a row.
 *
 * Each item has keys from the strictest to the loosest; `null` means that it cannot match at that level. Every level
 * pairs the items that the levels before it left over, the n-th with the n-th. Items are told apart by identity: an
 * item may stand in the lists only once.
 *
 * @returns Every item exactly once: in the order of the first list, with what it lacks put
 *   after whatever precedes that in its own list. Takes time in proportion to the number
 *   of items times the number of lists.
 */
export function alignRows<T>(
  lists: ReadonlyMap<string, readonly T[]>,
  readLevels: (item: T) => readonly (string | null)[],
): readonly Row<T>[] {
  let rows: Draft<T>[] = []
  let levelCount = 0
  for (const [runtime, items] of lists) {
    for (const item of items) {
      const levels = readLevels(item)
      levelCount = Math.max(levelCount, levels.length)
      rows.push({ order: rows.length, levels, members: new Map([[runtime, item]]) })
    }
  }
  for (let level = 0; level < levelCount; level += 1) rows = joinRows(rows, level, lists.size)
  return sortRows(rows, lists).map(({ members }) => members)
}

/** The levels are those of the first member: what joined it agreed with it. */
type Draft<T> = {
  readonly order: number
  readonly levels: readonly (string | null)[]
  readonly members: Map<string, T>
}

function joinRows<T>(rows: readonly Draft<T>[], level: number, full: number): Draft<T>[] {
  const kept: Draft<T>[] = []
  const waiting = new Map<string, Map<string, Queue<Draft<T>>>>()
  for (const row of rows) {
    const key = row.levels[level] ?? null
    if (key === null || row.members.size === full) {
      kept.push(row)
      continue
    }
    const queues = waiting.get(key) ?? new Map<string, Queue<Draft<T>>>()
    waiting.set(key, queues)
    const partner = takePartner(queues, row)
    if (partner === undefined) kept.push(row)
    else for (const [runtime, item] of row.members) partner.members.set(runtime, item)
    const joined = partner ?? row
    if (joined.members.size < full) enqueue(queues, joined)
  }
  return kept
}

/** The first row among those that have none of this row's runtimes. */
function takePartner<T>(queues: Map<string, Queue<Draft<T>>>, row: Draft<T>): Draft<T> | undefined {
  let first: { readonly queue: Queue<Draft<T>>; readonly head: Draft<T> } | undefined
  for (const queue of queues.values()) {
    const head = queue.items[queue.next]
    if (head === undefined || (first !== undefined && first.head.order < head.order)) continue
    if ([...row.members.keys()].some((runtime) => head.members.has(runtime))) continue
    first = { queue, head }
  }
  if (first !== undefined) first.queue.next += 1
  return first?.head
}

/** Rows wait with those of the same runtimes, so that looking for a partner never walks a list. */
type Queue<T> = { readonly items: T[]; next: number }

function enqueue<T>(queues: Map<string, Queue<Draft<T>>>, row: Draft<T>): void {
  const runtimes = [...row.members.keys()].sort().join('\n')
  const queue = queues.get(runtimes) ?? { items: [], next: 0 }
  queue.items.push(row)
  queues.set(runtimes, queue)
}

function sortRows<T>(
  rows: readonly Draft<T>[],
  lists: ReadonlyMap<string, readonly T[]>,
): readonly Draft<T>[] {
  const rowsByRuntime = new Map<string, Map<T, Draft<T>>>()
  for (const runtime of lists.keys()) rowsByRuntime.set(runtime, new Map())
  for (const row of rows) {
    for (const [runtime, item] of row.members) rowsByRuntime.get(runtime)?.set(item, row)
  }
  const before: Link<T> = { row: null, next: null }
  const placed = new Map<Draft<T>, Link<T>>()
  for (const [runtime, items] of lists) {
    let previous = before
    for (const item of items) {
      const row = rowsByRuntime.get(runtime)?.get(item)
      if (row === undefined) continue
      let link = placed.get(row)
      if (link === undefined) {
        link = { row, next: previous.next }
        previous.next = link
        placed.set(row, link)
      }
      previous = link
    }
  }
  const sorted: Draft<T>[] = []
  for (let link = before.next; link !== null; link = link.next) if (link.row) sorted.push(link.row)
  return sorted
}

type Link<T> = { readonly row: Draft<T> | null; next: Link<T> | null }
