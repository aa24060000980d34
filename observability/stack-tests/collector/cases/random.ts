/** Random numbers that are the same on every machine and in every run, from one seed. */
export type Random = {
  /** A whole number from 0 to below `end`, at most 2^53. */
  int(end: number): number
  /** One of the items, each as likely. */
  pick<T>(items: readonly [T, ...(readonly T[])]): T
}

/** mulberry32, by Tommy Ettinger: enough for test data, and nine lines. */
export function createRandom(seed: number): Random {
  let state = seed | 0
  const uint32 = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const int = (end: number) => (uint32() * 2 ** 21 + (uint32() >>> 11)) % end
  return {
    int,
    pick: (items) => items[int(items.length)] ?? items[0],
  }
}
