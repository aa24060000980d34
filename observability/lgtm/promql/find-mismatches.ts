import { type Labels, renderLabels } from '../spans/span-series.ts'
import { boundsSeconds, type Element, type Vector } from './select-series.ts'

/** How nearly what a program says must be what is known. */
export type Agreement = 'exact' | 'bucket'

/**
 * How nearly a query must agree: exactly, since every series begins at 0 and windows end with a report, so that there
 * is nothing to estimate; but a quantile is as exact as the buckets are.
 */
export function chooseAgreement(query: string): Agreement {
  return query.includes('histogram_quantile') ? 'bucket' : 'exact'
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
    case 'bucket':
      return findBucket(actual) >= findBucket(low) && findBucket(actual) <= findBucket(high)
  }
}

/** Of what is above all bounds a quantile says the highest bound. */
function findBucket(seconds: number): number {
  const index = boundsSeconds.findIndex((bound) => seconds <= bound)
  return index < 0 ? boundsSeconds.length - 1 : index
}

/** A bound may be written `1` or `1.0`. */
function normalize({ le, ...labels }: Labels): Labels {
  if (le === undefined) return labels
  return { ...labels, le: le === '+Inf' ? le : String(Number(le)) }
}
