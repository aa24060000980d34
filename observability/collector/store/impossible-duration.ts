import { type Resource, readAttribute, type Span } from '../../otlp/model.ts'

/** Further apart than clocks of machines that keep time. */
const slackNanos = 10_000_000_000n

/**
 * Whether a span's times are impossible because its clock was set meanwhile: the span ends before it begins, or it
 * began before it arrived and ends long after.
 *
 * If the clocks of two machines disagree, a span begins and ends after its arrival, or neither. A `precise` clock is
 * monotonic, so it cannot be set.
 *
 * @param arrivedNanos Time of arrival by a clock that is not set; see `steady-clock.ts`.
 */
export function isImpossibleDuration(
  { startNanos, endNanos }: Pick<Span, 'startNanos' | 'endNanos'>,
  { attributes }: Resource,
  arrivedNanos: bigint,
): boolean {
  if (endNanos === 0n) return false // sent before its end, which is unknown
  if (endNanos < startNanos) return true
  return (
    // Of nearly every span false, and unlike the sum no `bigint` of its own.
    endNanos > arrivedNanos &&
    startNanos <= arrivedNanos &&
    endNanos > arrivedNanos + slackNanos &&
    readAttribute(attributes, 'hono.runtime.clock') !== 'precise'
  )
}
