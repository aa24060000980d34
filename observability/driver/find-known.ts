import { isOfConventions } from '../comparison/conventions/is-of-conventions.ts'
import { invertKnown } from '../comparison/differences/invert-known.ts'
import type { KnownDifference } from '../comparison/differences/known-differences.ts'
import type { NamedRuntime } from './create-results.ts'

/** Known differences of runtimes, before it is known which runtime a target is. */
export type DeclaredDifferences = {
  /** By `hono.runtime.name`. */
  readonly byRuntime: ReadonlyMap<string, readonly KnownDifference[]>
  /** The runtime that all of them are compared with in the declarations; `null` if there are none. */
  readonly against: string | null
  /** Targets whose declared differences need not occur, so that none of theirs goes stale. */
  readonly mayBeAbsent: readonly string[]
}

/**
 * The declared differences between a target and its reference, under the target's name.
 *
 * Against another reference than the declared one, those of the reference are turned round, and none goes stale.
 */
export function findKnown(
  declared: DeclaredDifferences,
  own: NamedRuntime,
  reference: NamedRuntime,
): readonly KnownDifference[] {
  if (own.name === reference.name) return []
  const list = ({ name, runtime }: NamedRuntime) => declared.byRuntime.get(runtime ?? name) ?? []
  const isDeclared = (reference.runtime ?? reference.name) === declared.against
  const mayBeAbsent = !isDeclared || declared.mayBeAbsent.includes(own.name)
  const known = list(own).map((one) => ({
    ...one,
    runtime: own.name,
    mayBeAbsent: mayBeAbsent || one.mayBeAbsent === true,
  }))
  return isDeclared ? known : [...known, ...invertKnown(list(reference), own.name)]
}

/** The declared exceptions of a target to the semantic conventions, under the target's name. */
export function findExceptions(
  declared: DeclaredDifferences,
  { name, runtime }: NamedRuntime,
): readonly KnownDifference[] {
  return (declared.byRuntime.get(runtime ?? name) ?? []).filter(isOfConventions).map((one) => ({
    ...one,
    runtime: name,
    mayBeAbsent: declared.mayBeAbsent.includes(name) || one.mayBeAbsent === true,
  }))
}

/** All that is declared of runtimes that are compared with one of them. */
export function listKnown(
  declared: DeclaredDifferences,
  runtimes: readonly string[],
  reference: string,
): readonly KnownDifference[] {
  const toNamed = (name: string) => ({ name, runtime: name })
  return runtimes.flatMap((name) => [
    ...findKnown(declared, toNamed(name), toNamed(reference)),
    ...findExceptions(declared, toNamed(name)),
  ])
}
