import type { DeclaredDifference } from '../../wire/known-differences.ts'
import { renderPath } from '../trace/align-traces.ts'
import { matchesPattern } from '../trace/pattern.ts'
import type { Difference } from './difference.ts'

/**
 * A difference that was looked at and accepted, with why.
 *
 * In every pattern `*` stands for any characters, and what the comparison prints fits
 * itself: a line of its output can be copied here.
 */
export type KnownDifference = DeclaredDifference & {
  /** The file in which somebody can change it, where one is known. */
  readonly declaredIn?: string
}

/**
 * A difference that may come and go by chance on any runtime, with the reason: a pool opens a connection if all others
 * are busy. A difference in every repetition is not by chance.
 */
export type OccasionalDifference = Pick<KnownDifference, 'matches' | 'reason'>

/** The first declaration that makes a difference one of chance; it must not occur every time. */
export function findOccasional(
  declared: readonly OccasionalDifference[],
  difference: Difference,
): OccasionalDifference | undefined {
  const { occurrences } = difference
  if (occurrences === undefined || occurrences.count === occurrences.of) return undefined
  return declared.find(({ matches }) => fits(matches, difference))
}

/** An operation that was played: a difference that had no chance to occur is not stale. */
export type PlayedOperation = {
  readonly operation: string
  readonly runtime: string
  /** Whether traces came of it. Defaults to yes. */
  readonly hasTraces?: boolean
  /** Whether log records could have come. Defaults to yes. */
  readonly hasLogs?: boolean
}

/** Differences sorted by the list of declared ones. */
export type KnownOutcome = {
  /** Differences without a declaration. */
  readonly undeclared: readonly Difference[]
  /** Those that occurred, in the order of the list, each with the differences it explains. */
  readonly declared: readonly {
    readonly known: KnownDifference
    readonly differences: readonly Difference[]
  }[]
  /** Those that did not occur though they could have: the list must lose them. */
  readonly stale: readonly KnownDifference[]
}

/**
 * Sorts differences into declared and undeclared ones, and finds stale declarations.
 *
 * A difference counts for the first declaration that covers it, but keeps every covering declaration current.
 *
 * @param played Operations played on the reference and on the others. A declaration is stale only if its runtime played
 * an operation that it covers.
 */
export function applyKnown(
  differences: readonly Difference[],
  known: readonly KnownDifference[],
  played: readonly PlayedOperation[],
): KnownOutcome {
  const undeclared: Difference[] = []
  const explained = new Map<KnownDifference, Difference[]>()
  const current = new Set<KnownDifference>()
  for (const difference of differences) {
    const covering = known.filter((entry) => covers(entry, difference))
    for (const entry of covering) current.add(entry)
    const [first] = covering
    const list = first === undefined ? undeclared : (explained.get(first) ?? [])
    list.push(difference)
    if (first !== undefined) explained.set(first, list)
  }
  const declared = known.flatMap((entry) => {
    const own = explained.get(entry)
    return own === undefined ? [] : [{ known: entry, differences: own }]
  })
  const stale = known.filter(
    (entry) => !entry.mayBeAbsent && !current.has(entry) && couldOccur(entry, played),
  )
  return { undeclared, declared, stale }
}

/** A declaration on one line, as in `workers: span.extra * > CONNECT: opens a connection per request`. */
export function renderKnown({ runtime, reason, matches }: KnownDifference): string {
  const { kind, operation, path, subject } = matches
  const scope = operation === undefined ? runtime : `${operation}, ${runtime}`
  const what = [kind, path, subject].filter((part) => part !== undefined).join(' ')
  return `${scope}: ${what}: ${reason}`
}

function covers({ runtime, matches }: KnownDifference, difference: Difference): boolean {
  return runtime === difference.runtime && fits(matches, difference)
}

function fits(matches: KnownDifference['matches'], difference: Difference): boolean {
  return (
    matchesPattern(matches.kind, difference.kind) &&
    matchesPattern(matches.operation ?? '*', difference.operation) &&
    matchesPattern(matches.path ?? '*', renderPath(difference.path)) &&
    matchesPattern(matches.subject ?? '*', difference.subject)
  )
}

function couldOccur(
  { runtime, matches }: KnownDifference,
  played: readonly PlayedOperation[],
): boolean {
  const isOfAnswer = matches.kind.startsWith('answer.')
  const isOfLogs = matches.kind.startsWith('log.')
  return played.some(
    ({ hasTraces = true, hasLogs = true, ...one }) =>
      one.runtime === runtime &&
      matchesPattern(matches.operation ?? '*', one.operation) &&
      (isOfAnswer || (isOfLogs ? hasLogs : hasTraces)),
  )
}
