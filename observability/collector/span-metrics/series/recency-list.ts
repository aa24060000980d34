/**
 * A map that knows the order in which its entries were last touched.
 *
 * A linked list and not a Map alone, in which "touch" would be delete and set: that costs a fifth
 * of counting a small batch, for the table fills with deleted places and is made anew.
 */
export type RecencyList<T extends { readonly key: string }> = {
  /** The entry of that key, which becomes the newest. */
  touch(key: string): T | undefined
  /** Adds an entry, whose key must not be there yet, as the newest. */
  add(entry: T): void
  remove(key: string): T | undefined
  removeOldest(): T | undefined
  clear(): void
  /** From the oldest to the newest. */
  values(): readonly T[]
  readonly size: number
}

type Link<T> = { readonly entry: T; older: Link<T> | undefined; newer: Link<T> | undefined }

/** An empty list without a bound of its own: the caller removes the oldest. */
export function createRecencyList<T extends { readonly key: string }>(): RecencyList<T> {
  const links = new Map<string, Link<T>>()
  let oldest: Link<T> | undefined
  let newest: Link<T> | undefined

  function unlink(link: Link<T>): void {
    if (link.older === undefined) oldest = link.newer
    else link.older.newer = link.newer
    if (link.newer === undefined) newest = link.older
    else link.newer.older = link.older
  }

  function append(link: Link<T>): void {
    link.older = newest
    link.newer = undefined
    if (newest === undefined) oldest = link
    else newest.newer = link
    newest = link
  }

  function remove(link: Link<T> | undefined): T | undefined {
    if (link === undefined) return undefined
    unlink(link)
    links.delete(link.entry.key)
    return link.entry
  }

  return {
    touch(key) {
      const link = links.get(key)
      if (link === undefined) return undefined
      if (link !== newest) {
        unlink(link)
        append(link)
      }
      return link.entry
    },
    add(entry) {
      const link = { entry, older: undefined, newer: undefined }
      links.set(entry.key, link)
      append(link)
    },
    remove: (key) => remove(links.get(key)),
    removeOldest: () => remove(oldest),
    clear() {
      links.clear()
      oldest = undefined
      newest = undefined
    },
    values() {
      const entries: T[] = []
      for (let link = oldest; link !== undefined; link = link.newer) entries.push(link.entry)
      return entries
    },
    get size() {
      return links.size
    },
  }
}
