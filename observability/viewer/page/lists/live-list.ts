import { batch, type ReadonlySignal, signal } from '@preact/signals'
import type { Asked } from '../state/ask.ts'

/** A page of a list that is newest first. */
export type ListPage<T> = {
  readonly items: readonly T[]
  /** Given back it continues; `null` when there are no more. */
  readonly next: string | null
}

export type LiveListOptions<T> = {
  readonly keyOf: (item: T) => string
  readonly startOf: (item: T) => bigint
  /** Asks for the newest, those that began at `sinceNanos` or later, or for what follows `next`. */
  readonly ask: (wish: ListWish, signal: AbortSignal) => Promise<Asked<ListPage<T>>>
}

export type ListWish = {
  readonly sinceNanos?: bigint
  readonly next?: string
  readonly limit: number
}

/** A list that grows at its top as things happen, and at its end as somebody reads on. */
export type LiveList<T> = {
  /** Newest first, each once. */
  readonly items: ReadonlySignal<readonly T[]>
  readonly isLoaded: ReadonlySignal<boolean>
  readonly hasMore: ReadonlySignal<boolean>
  /** Why there is no answer, as the collector said. */
  readonly problem: ReadonlySignal<string | undefined>
  /** Takes in what is new, and what has changed lately. */
  refresh(signal: AbortSignal): Promise<void>
  /** Reads on behind the last item. Does nothing while it already does. */
  readOn(): Promise<void>
  /** Starts afresh: what is stored has gone. */
  clear(): void
}

/** Older items are let go when a list of this length grows. */
export const listItemsMax = 20_000
const firstPageMax = 100
const pageMax = 500

/** Spans of a trace come in over some seconds: what is younger is asked for again. */
const settledNanos = 15_000_000_000n

export function createLiveList<T>({ keyOf, startOf, ask }: LiveListOptions<T>): LiveList<T> {
  const items = signal<readonly T[]>([])
  const isLoaded = signal(false)
  const next = signal<string | null>(null)
  const hasMore = signal(false)
  const problem = signal<string | undefined>(undefined)
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

  return {
    items,
    isLoaded,
    hasMore,
    problem,
    async refresh(stop) {
      const before = generation
      const newest = items.peek()[0]
      const wish =
        newest === undefined
          ? { limit: firstPageMax }
          : { sinceNanos: startOf(newest) - settledNanos, limit: pageMax }
      const answer = await ask(wish, stop)
      if (generation !== before || stop.aborted) return
      if (answer.kind === 'problem') {
        problem.value = answer.detail
        isLoaded.value = true
      }
      if (answer.kind !== 'answer') return
      const { items: found, next: follows } = answer.value
      const current = items.peek()
      const known = new Set(current.map(keyOf))
      const isJoined = follows === null || found.some((item) => known.has(keyOf(item)))
      // More than fits a page has come meanwhile: what lies between is read on from here.
      if (newest === undefined || !isJoined) accept(found, follows)
      else accept(mergeNewest(current, found, { keyOf, startOf }), next.peek())
    },
    async readOn() {
      const from = next.peek()
      if (from === null || isReadingOn) return
      isReadingOn = true
      const before = generation
      const answer = await ask({ next: from, limit: pageMax }, new AbortController().signal)
      isReadingOn = false
      if (generation !== before || answer.kind !== 'answer') return
      const known = new Set(items.peek().map(keyOf))
      const older = answer.value.items.filter((item) => !known.has(keyOf(item)))
      accept([...items.peek(), ...older], answer.value.next)
    },
    clear() {
      generation += 1
      batch(() => {
        items.value = []
        next.value = null
        hasMore.value = false
        isLoaded.value = false
        problem.value = undefined
      })
    },
  }
}

/** Puts found items, which are newest first, in their place, over their earlier selves. */
export function mergeNewest<T>(
  current: readonly T[],
  found: readonly T[],
  { keyOf, startOf }: Pick<LiveListOptions<T>, 'keyOf' | 'startOf'>,
): readonly T[] {
  const last = found.at(-1)
  if (last === undefined) return current
  const replaced = new Set(found.map(keyOf))
  const oldest = startOf(last)
  const untouched = current.findIndex((item) => startOf(item) < oldest)
  const head = untouched === -1 ? current : current.slice(0, untouched)
  const tail = untouched === -1 ? [] : current.slice(untouched)
  const merged = [...found, ...head.filter((item) => !replaced.has(keyOf(item)))]
  merged.sort((a, b) => (startOf(a) === startOf(b) ? 0 : startOf(a) < startOf(b) ? 1 : -1))
  return [...merged, ...tail.filter((item) => !replaced.has(keyOf(item)))]
}
