import { renderMillis } from '../../../../comparison/trace/clock-trust.ts'
import type { Span } from '../../../../otlp/model.ts'
import { isPlausibleTime } from '../../../../otlp/shared/plausible-time.ts'

/** What is wrong with the times of a span, such as `ends in 2554`; `undefined` if they can be. */
export function describeImpossibleTime({ startNanos, endNanos }: Span): string | undefined {
  if (!isPlausibleTime(startNanos)) return `begins in ${readYear(startNanos)}`
  if (endNanos === 0n) return undefined
  if (!isPlausibleTime(endNanos)) return `ends in ${readYear(endNanos)}`
  if (endNanos >= startNanos) return undefined
  return `ends ${renderMillis(Number(startNanos - endNanos) / 1e6)} before it begins`
}

/** Different years would make a sentence as long as the trace. */
const kindsMax = 4

/** How many spans of a trace have impossible times, and which, the most frequent first; `undefined` if none has. */
export function countImpossibleTimes(spans: readonly Span[]): string | undefined {
  const kinds = spans.flatMap((span) => {
    const text = describeImpossibleTime(span)
    return text === undefined ? [] : [text.replace(/^ends .* before/, 'ends before')]
  })
  const counts = [...Map.groupBy(kinds, (kind) => kind)]
    .map(([kind, all]) => ({ kind, count: all.length }))
    .toSorted((a, b) => b.count - a.count)
  if (kinds.length === 0) return undefined
  const rest = counts.slice(kindsMax).reduce((sum, { count }) => sum + count, 0)
  const named = counts.slice(0, kindsMax).map(({ kind, count }) => `${count} × ${kind}`)
  return `${kinds.length} of its spans: ${[...named, ...(rest > 0 ? [`${rest} × other`] : [])].join(', ')}`
}

function readYear(nanos: bigint): number {
  return new Date(Number(nanos / 1_000_000n)).getUTCFullYear()
}
