/**
 * The list as the model keeps it. Growing by `push` reserves room for 17 elements at
 * the first one; a copy has the exact size, and all empty lists are one.
 */
export function finishList<T>(list: readonly T[], length = list.length): readonly T[] {
  return length === 0 ? empty : list.slice(0, length)
}

const empty: readonly never[] = Object.freeze([])
