import type { DeclaredDifference } from '../../wire/known-differences.ts'

/** Whether a declaration is an exception to the conventions, and not a difference between runtimes. */
export function isOfConventions({ matches }: Pick<DeclaredDifference, 'matches'>): boolean {
  return matches.kind.startsWith('convention.')
}
