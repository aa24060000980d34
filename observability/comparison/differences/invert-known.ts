import type { KnownDifference } from './known-differences.ts'

/**
 * Turns a runtime's declared differences round, for a comparison in which that runtime is the reference: its extras
 * become what the others lack.
 *
 * Another runtime may share the difference or have a different one. So inverted declarations never go stale, and cover
 * other values too.
 *
 * @param known Declarations of the runtime that is the reference now.
 * @param runtime The runtime that is compared with it.
 */
export function invertKnown(
  known: readonly KnownDifference[],
  runtime: string,
): readonly KnownDifference[] {
  return known.flatMap(({ reason, matches, ...rest }) => {
    const kinds = new Set([invertKind(matches.kind), toValueKind(matches.kind)])
    return [...kinds].map((kind) => ({
      ...rest,
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

/** An extra attribute that both have may differ in value. */
function toValueKind(kind: string): string {
  return kind.includes('attribute.') ? kind.replace(/(missing|extra)$/, 'value') : invertKind(kind)
}
