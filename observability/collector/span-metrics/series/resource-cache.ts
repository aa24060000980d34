import { createRecencyList } from './recency-list.ts'

/** What the cache needs to know of an entry to bound itself. */
type Cached = {
  readonly key: string
  /** Characters that the entry holds, its series included. */
  chars: number
}

/**
 * Keeps the entries of the most recently seen resources, and those that had to go until the next
 * flush has shown them a last time.
 *
 * Rules of the connector's own cache: an entry that goes is exported once more; one that is seen
 * again before that comes back with its counts. What the connector leaves open is bounded here: how
 * many entries wait for their last export, and what all hold together (`charsMax`); past that the
 * oldest are lost, and counted as lost.
 */
export type ResourceCache<T extends Cached> = {
  /** The entry of that key, now the most recently seen; `undefined` when it has to be made. */
  get(key: string): T | undefined
  add(entry: T): void
  /** Counts what an entry of this cache has come to hold. */
  grow(entry: T, chars: number): void
  /** Takes the entry out as if its place had been needed. */
  evict(entry: T): void
  /** Forgets those that went; to be called once they have been exported. */
  dropEvicted(): void
  /** From the least to the most recently seen. */
  kept(): readonly T[]
  /** In the order in which they went. */
  evicted(): readonly T[]
  readonly chars: number
  /** Entries lost without a last export. */
  readonly lost: number
}

/** A cache that is meant to be small still waits for as many as the connector's default holds. */
const waitingMax = 1000

/**
 * @param entriesMax Entries kept; past it the least recently seen is evicted.
 * @param charsMax Characters that kept and evicted entries hold together.
 */
export function createResourceCache<T extends Cached>(
  entriesMax: number,
  charsMax: number,
  /** Called once for every entry that leaves for good. */
  onDrop: (entry: T) => void,
): ResourceCache<T> {
  const kept = createRecencyList<T>()
  const evicted = createRecencyList<T>()
  let chars = 0
  let lost = 0

  function drop(entry: T): void {
    chars -= entry.chars
    onDrop(entry)
  }

  function lose(entry: T | undefined): boolean {
    if (entry === undefined) return false
    drop(entry)
    lost++
    return true
  }

  function evict(entry: T | undefined): void {
    if (entry === undefined) return
    evicted.add(entry)
    if (evicted.size > Math.max(waitingMax, entriesMax)) lose(evicted.removeOldest())
  }

  function keep(entry: T): void {
    kept.add(entry)
    if (kept.size > entriesMax) evict(kept.removeOldest())
  }

  return {
    get(key) {
      const entry = kept.touch(key)
      if (entry !== undefined) return entry
      const revived = evicted.remove(key)
      if (revived !== undefined) keep(revived)
      return revived
    },
    add(entry) {
      chars += entry.chars
      keep(entry)
      while (chars > charsMax) {
        // The newest stays: its spans are about to be counted, and one alone is bounded by a request.
        if (!lose(evicted.removeOldest() ?? (kept.size > 1 ? kept.removeOldest() : undefined)))
          break
      }
    },
    grow(entry, more) {
      entry.chars += more
      chars += more
    },
    evict: (entry) => evict(kept.remove(entry.key)),
    dropEvicted() {
      for (const entry of evicted.values()) drop(entry)
      evicted.clear()
    },
    kept: kept.values,
    evicted: evicted.values,
    get chars() {
      return chars
    },
    get lost() {
      return lost
    },
  }
}
