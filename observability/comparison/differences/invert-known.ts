import type { KnownDifference } from './known-differences.ts'

/**
 * Declarations of how a runtime differs from the usual reference, for a comparison in which that
 * runtime is the reference itself: what it has besides, others lack.
 *
 * Whether another runtime lacks it is not known, for it may differ in the same way or in its
 * own; so none of these can go stale, and other values are covered too.
 *
 * @param known Declared of what is the reference now.
 * @param runtime What is compared with it.
 */
export function invertKnown(
  known: readonly KnownDifference[],
  runtime: string,
): readonly KnownDifference[] {
  return known.flatMap(({ reason, matches }) => {
    const kinds = new Set([invertKind(matches.kind), toValueKind(matches.kind)])
    return [...kinds].map((kind) => ({
      runtime,
      reason: `of the reference: ${reason}`,
      matches: { ...matches, kind },
      mayBeAbsent: true,
    }))
  })
}

function invertKind(kind: string): string {
  return kind.replace(/(missing|extra)$/, (end) => (end === 'extra' ? 'missing' : 'extra'))
}

/** An attribute that both have besides may have another value on each. */
function toValueKind(kind: string): string {
  return kind.includes('attribute.') ? kind.replace(/(missing|extra)$/, 'value') : invertKind(kind)
}
