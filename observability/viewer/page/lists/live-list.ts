import { batch, type ReadonlySignal, signal } from '@preact/signals'
import type { ListPage } from '../state/asking/answers.ts'
import type { Asked } from '../state/asking/ask.ts'

/** What a list needs to know of its items, and how it asks for more of them. */
export type LiveListOptions<T> = {
  readonly keyOf: (item: T) => string
  /** By which the items are in order, the greatest first; when it happened, in most lists. */
  readonly orderOf: (item: T) => bigint
  /** Asks for the newest, for those that arrived or changed `since`, or for what follows `next`. */
  readonly ask: (wish: ListWish, signal: AbortSignal) => Promise<Asked<ListPage<T>>>
}

/** A query for a part of a list: newer than the mark `since`, or older than the cursor `next`. */
export type ListWish = {
  readonly since?: string
  readonly next?: string
  readonly limit: number
}

/** A list that grows at its top with new items, and at its end as the reader scrolls. */
export type LiveList<T> = {
  /** In order, each once. */
  readonly items: ReadonlySignal<readonly T[]>
  readonly isLoaded: ReadonlySignal<boolean>
  readonly hasMore: ReadonlySignal<boolean>
  /** Why there is no answer, as the collector said. */
  readonly problem: ReadonlySignal<string | undefined>
  /** Takes in what has arrived and what has changed, whenever it happened. */
  refresh(signal: AbortSignal): Promise<void>
  /** Reads on behind the last item. Does nothing while it already does. */
  readOn(): Promise<void>
  /** Starts afresh after the store was emptied. */
  clear(): void
  /** Scroll position in pixels, kept for a return to the list. */
  readonly place: { top: number }
}

/** Older items are let go when a list of this length grows. */
export const listItemsMax = 20_000
const firstPageMax = 100
const pageMax = 500
/** When more than so many pages have come since the last answer, the list starts afresh. */
const changedPagesMax = 8

/** An empty list, which asks for nothing before `refresh`. */
export function createLiveList<T>({ keyOf, orderOf, ask }: LiveListOptions<T>): LiveList<T> {
  const items = signal<readonly T[]>([])
  const isLoaded = signal(false)
  const next = signal<string | null>(null)
  const hasMore = signal(false)
  const problem = signal<string | undefined>(undefined)
  let arrival: string | undefined
  let isReadingOn = false
  let generation = 0

  function accept(merged: readonly T[], follows: string | null): void {
    batch(() => {
      const isFull = merged.length >= listItemsMax
      items.value = isFull ? merged.slice(0, listItemsMax) : merged
      next.value = isFull ? null : follows
      hasMore.value = next.value !== null
      isLoaded.value = true
      problem.value = undefined
    })
  }

  /** The answer, unless the list was cleared or the question called off meanwhile. */
  async function askNow(wish: ListWish, stop: AbortSignal): Promise<ListPage<T> | undefined> {
    const before = generation
    const answer = await ask(wish, stop)
    if (generation !== before || stop.aborted) return undefined
    if (answer.kind === 'problem') {
      batch(() => {
        problem.value = answer.detail
        isLoaded.value = true
      })
    }
    return answer.kind === 'answer' ? answer.value : undefined
  }

  async function loadNewest(limit: number, stop: AbortSignal): Promise<void> {
    const page = await askNow({ limit }, stop)
    if (page === undefined) return
    arrival = page.arrival
    accept(page.items, page.next)
  }

  return {
    items,
    isLoaded,
    hasMore,
    problem,
    place: { top: 0 },
    async refresh(stop) {
      const since = arrival
      if (since === undefined) return loadNewest(firstPageMax, stop)
      const first = await askNow({ since, limit: pageMax }, stop)
      if (first === undefined) return
      const found = [...first.items]
      let follows = first.next
      for (let pages = 1; follows !== null; pages += 1) {
        if (pages === changedPagesMax) return loadNewest(pageMax, stop)
        const page: ListPage<T> | undefined = await askNow(
          { since, next: follows, limit: pageMax },
          stop,
        )
        if (page === undefined) return
        found.push(...page.items)
        follows = page.next
      }
      arrival = first.arrival
      accept(mergeNewest(items.peek(), dropUnread(found), { keyOf, orderOf }), next.peek())
    },
    async readOn() {
      const from = next.peek()
      if (from === null || isReadingOn) return
      isReadingOn = true
      const page = await askNow({ next: from, limit: pageMax }, new AbortController().signal)
      isReadingOn = false
      if (page === undefined) return
      const known = new Set(items.peek().map(keyOf))
      const older = page.items.filter((item) => !known.has(keyOf(item)))
      accept([...items.peek(), ...older], page.next)
    },
    clear() {
      generation += 1
      arrival = undefined
      batch(() => {
        items.value = []
        next.value = null
        hasMore.value = false
        isLoaded.value = false
        problem.value = undefined
      })
    },
  }

  /** Items behind the last one come with scrolling; added now, they would hide a gap. */
  function dropUnread(found: readonly T[]): readonly T[] {
    const last = items.peek().at(-1)
    const isWhole = next.peek() === null && items.peek().length < listItemsMax
    if (last === undefined || isWhole) return found
    return found.filter((item) => orderOf(item) >= orderOf(last))
  }
}

/** Puts found items, which are in order, in their place, over their earlier selves. */
export function mergeNewest<T>(
  current: readonly T[],
  found: readonly T[],
  { keyOf, orderOf }: Pick<LiveListOptions<T>, 'keyOf' | 'orderOf'>,
): readonly T[] {
  const last = found.at(-1)
  if (last === undefined) return current
  const replaced = new Set(found.map(keyOf))
  const oldest = orderOf(last)
  const untouched = current.findIndex((item) => orderOf(item) < oldest)
  const head = untouched === -1 ? current : current.slice(0, untouched)
  const tail = untouched === -1 ? [] : current.slice(untouched)
  const merged = [...found, ...head.filter((item) => !replaced.has(keyOf(item)))]
  merged.sort((a, b) => (orderOf(a) === orderOf(b) ? 0 : orderOf(a) < orderOf(b) ? 1 : -1))
  return [...merged, ...tail.filter((item) => !replaced.has(keyOf(item)))]
}
