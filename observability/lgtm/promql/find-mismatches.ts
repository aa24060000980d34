import { type Labels, renderLabels } from '../spans/span-series.ts'
import { boundsSeconds, type Element, type Vector } from './select-series.ts'
import { estimateShareMax } from './take-quantile.ts'

/** How nearly what a program says must be what is known. */
export type Agreement = 'exact' | 'estimated' | 'bucket'

/**
 * How nearly a query must agree.
 *
 * Counts of calls exactly: they begin with a reported 0, so nothing is estimated. Sums and counts of
 * `latency` begin with what the first report held, so Prometheus adds some. A quantile is as exact as the
 * buckets are.
 */
export function chooseAgreement(query: string): Agreement {
  if (query.includes('histogram_quantile')) return 'bucket'
  return query.includes('_latency_') ? 'estimated' : 'exact'
}

/** Every value that is not as expected, too many or missing, in a sentence. */
export function findMismatches(
  expected: Vector,
  actual: Vector,
  agreement: Agreement,
): readonly string[] {
  const key = (labels: Labels) => renderLabels(normalize(labels))
  const rest = new Map(actual.map((it) => [key(it.labels), it.value]))
  const mismatches = expected.flatMap((element) => {
    const name = key(element.labels)
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
  if (Object.is(expected, actual)) return true
  switch (agreement) {
    case 'exact':
      return Math.abs(actual - expected) <= 1e-9 * Math.abs(expected)
    case 'estimated':
      return Math.abs(actual - expected) <= estimateShareMax * Math.abs(expected)
    case 'bucket':
      return findBucket(actual) >= findBucket(low) - 1 && findBucket(actual) <= findBucket(high) + 1
  }
}

function findBucket(seconds: number): number {
  const index = boundsSeconds.findIndex((bound) => seconds <= bound)
  return index < 0 ? boundsSeconds.length : index
}

/** A bound may be written `1` or `1.0`. */
function normalize({ le, ...labels }: Labels): Labels {
  if (le === undefined) return labels
  return { ...labels, le: le === '+Inf' ? le : String(Number(le)) }
}
