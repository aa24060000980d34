import type { Step } from '../trace/align-traces.ts'
import type { Finding } from './difference.ts'

/**
 * Whether siblings began in another order than on the reference.
 *
 * Only what both clocks tell for certain counts: two spans that began in the same tick have
 * no order. Each clock is asked only about its own spans.
 *
 * @param siblings Steps of one parent; those that either runtime lacks do not matter.
 * @returns At most one finding, for the first span that began too early; a whole list of
 *   siblings that were shuffled is one cause.
 */
export function compareOrder(
  siblings: readonly Step[],
  reference: string,
  runtime: string,
): readonly Finding[] {
  const starts = siblings.flatMap((step): readonly Start[] => {
    const expected = step.spans.get(reference)?.span.startNanos
    const actual = step.spans.get(runtime)?.span.startNanos
    return expected === undefined || actual === undefined ? [] : [{ step, expected, actual }]
  })
  const sorted = starts.toSorted((a, b) =>
    a.expected < b.expected ? -1 : a.expected > b.expected ? 1 : 0,
  )
  // The one that began last here, among those that on the reference began in an earlier tick.
  let latest: Start | undefined
  let sameTick: Start | undefined
  for (const start of sorted) {
    if (sameTick !== undefined && sameTick.expected < start.expected) {
      latest = later(latest, sameTick)
      sameTick = undefined
    }
    if (latest !== undefined && start.actual < latest.actual) return [toFinding(latest, start)]
    sameTick = later(sameTick, start)
  }
  return []
}

type Start = { readonly step: Step; readonly expected: bigint; readonly actual: bigint }

function later(a: Start | undefined, b: Start): Start {
  return a === undefined || a.actual < b.actual ? b : a
}

function toFinding(first: Start, second: Start): Finding {
  const a = first.step.path.at(-1) ?? ''
  const b = second.step.path.at(-1) ?? ''
  return {
    kind: 'span.order',
    subject: b,
    expected: `${a} before ${b}`,
    actual: `${b} before ${a}`,
  }
}
