import { noPoints } from './replay/canonical-metrics.ts'
import type { Difference } from './replay/compare-results.ts'

/** Something that the embedded collector does otherwise, on purpose. */
export type KnownDeviation = {
  readonly name: string
  readonly reason: string
  /** Cases in which it must occur; a deviation that no longer occurs is out of date. */
  readonly cases: readonly string[]
  matches(difference: Difference): boolean
}

/** All there are. Any other difference between the two collectors is a bug of the embedded one. */
export const knownDeviations: readonly KnownDeviation[] = [
  {
    name: 'a metric without points is not exported',
    reason:
      'Prometheus answers a request with such a metric by 500, and everything else in it is lost too',
    cases: ['requests-without-spans', 'series-that-expire-at-once-with-their-resource'],
    matches: ({ collector, embedded }) =>
      embedded === undefined && collector?.includes(noPoints) === true,
  },
  {
    name: 'a span without a trace id or a span id is rejected, and not counted',
    reason: 'such ids are invalid in OTLP, and the span could never be found; its sender is told',
    cases: ['spans-without-ids'],
    matches: ({ row, collector, embedded }) =>
      row.startsWith('request ')
        ? collector === 'taken' && embedded === 'taken in part'
        : embedded === undefined && /"span\.name": "(no|zero) (trace|span) id"/.test(row),
  },
  {
    name: 'values with NUL in them do not run into each other',
    reason: 'the Collector joins the values of a series by NUL, so that two series may become one',
    cases: ['nul-within-names'],
    matches: ({ row }) => row.includes('\\u0000'),
  },
]

/** Parts differences into those that are known and those that are not. */
export function explainDifferences(
  caseName: string,
  differences: readonly Difference[],
): { readonly unexplained: readonly Difference[]; readonly absent: readonly string[] } {
  const expected = knownDeviations.filter(({ cases }) => cases.includes(caseName))
  return {
    unexplained: differences.filter((it) => !expected.some((known) => known.matches(it))),
    absent: expected.filter((known) => !differences.some(known.matches)).map(({ name }) => name),
  }
}
