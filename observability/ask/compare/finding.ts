import { createHash } from 'node:crypto'

/** One way in which a group is not like the reference. */
export type Finding = {
  /** Of what it is about, so that the same has the same id when it is asked for again. */
  readonly id: string
  readonly kind: 'failure' | 'difference' | 'time'
  readonly group: string
  /** The same for the same thing in another group. */
  readonly about: string
  readonly operations: readonly string[]
  readonly sentence: string
  /** Why somebody accepted it; `null` when nobody did. */
  readonly reason: string | null
}

/** An id of seven characters of the parts that tell one finding from the others. */
export function createFindingId(kind: Finding['kind'], parts: readonly unknown[]): string {
  const hash = createHash('sha256').update(JSON.stringify([kind, ...parts]))
  return `${kind.charAt(0)}${hash.digest('hex').slice(0, 6)}`
}
