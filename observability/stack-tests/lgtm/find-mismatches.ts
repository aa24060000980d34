import { testConfig } from '../../collector/testing/start-test-collector.ts'

export type Labels = Readonly<Record<string, string>>

/** One value, as Prometheus says it or as it is expected. */
export type Element = {
  readonly labels: Labels
  readonly value: number
  /** Least and greatest acceptable value, if several are. */
  readonly limits?: readonly [number, number]
}

export type Vector = readonly Element[]

/** In seconds, without the last one, which is infinite. */
export const boundsSeconds = testConfig.spanMetrics.histogram?.bounds ?? []

/**
 * How closely Prometheus must agree with the known value: exactly, since every series begins at 0 and windows end with
 * a report, so that nothing is estimated; but a quantile is only as exact as the buckets.
 */
export type Agreement = 'exact' | 'bucket'

/** Every value that is not as expected, too many or missing, in a sentence. */
export function findMismatches(
  expected: Vector,
  actual: Vector,
  agreement: Agreement,
): readonly string[] {
  const rest = new Map(actual.map((it) => [renderLabels(it.labels), it.value]))
  const mismatches = expected.flatMap((element) => {
    const name = renderLabels(element.labels)
    const found = rest.get(name)
    rest.delete(name)
    if (found !== undefined && agrees(element, found, agreement)) return []
    return [`${name}: expected ${element.value}, got ${found ?? 'nothing'}`]
  })
  return [
    ...mismatches,
    ...[...rest].map(([labels, value]) => `${labels}: expected nothing, got ${value}`),
  ]
}

function agrees(
  { value: expected, limits: [low, high] = [expected, expected] }: Element,
  actual: number,
  agreement: Agreement,
): boolean {
  if (agreement === 'exact') return Math.abs(actual - expected) <= 1e-9 * Math.abs(expected)
  return findBucket(actual) >= findBucket(low) && findBucket(actual) <= findBucket(high)
}

/** For values above all bounds a quantile gives the highest bound. */
function findBucket(seconds: number): number {
  const index = boundsSeconds.findIndex((bound) => seconds <= bound)
  return index < 0 ? boundsSeconds.length - 1 : index
}

/** A text that is equal for equal labels; a bound may be written `1` or `1.0`. */
function renderLabels({ le, ...labels }: Labels): string {
  const bound = le === undefined || le === '+Inf' ? le : String(Number(le))
  const all = Object.entries({ ...labels, ...(bound !== undefined && { le: bound }) })
  return JSON.stringify(all.sort(([a], [b]) => (a < b ? -1 : 1)))
}
