import { testFisherExact } from '../../comparison/statistics/fisher-exact.ts'
import { adjustByHolm } from '../../comparison/statistics/holm.ts'
import type { StoredRequest } from './group-requests.ts'

/** How likely a claim may be when both groups fail equally often, over all of a comparison. */
const chanceMax = 0.01

type Tally = { failed: number; of: number }

/** A route that fails more often in a group than in the reference. */
export type StoredFailure = {
  readonly group: string
  readonly route: string
  readonly sentence: string
}

/**
 * What fails more often in a group than in the reference, beyond chance (Fisher's exact test, corrected by Holm).
 * Operations are compared within a status, so a failure that only one group has is no difference there.
 */
export function findFailures(
  groups: ReadonlyMap<string, readonly StoredRequest[]>,
  reference: string,
): readonly StoredFailure[] {
  const usual = tallyByRoute(groups.get(reference) ?? [])
  const compared = [...groups]
    .filter(([group]) => group !== reference)
    .flatMap(([group, requests]) =>
      [...tallyByRoute(requests)].flatMap(([route, own]) => {
        const base = usual.get(route)
        return base === undefined ? [] : [{ group, route, own, base }]
      }),
    )
  const pValues = adjustByHolm(
    compared.map(({ own, base }) => testFisherExact(own.failed, own.of, base.failed, base.of)),
  )
  return compared.flatMap(({ group, route, own, base }, index) => {
    const isMore = own.failed / own.of > base.failed / base.of
    return isMore && (pValues[index] ?? 1) < chanceMax
      ? [{ group, route, sentence: describe(group, route, own, reference, base) }]
      : []
  })
}

function describe(
  group: string,
  route: string,
  own: Tally,
  reference: string,
  base: Tally,
): string {
  return `${route} fails on ${group}: ${own.failed} of ${own.of} requests, and ${base.failed} of ${base.of} on ${reference}`
}

function tallyByRoute(requests: readonly StoredRequest[]): ReadonlyMap<string, Tally> {
  const tallies = new Map<string, Tally>()
  for (const { route, isFailure } of requests) {
    const tally = tallies.get(route) ?? { failed: 0, of: 0 }
    tallies.set(route, tally)
    tally.of += 1
    if (isFailure) tally.failed += 1
  }
  return tallies
}
