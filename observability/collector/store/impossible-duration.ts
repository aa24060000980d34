import { type Resource, readAttribute, type Span } from '../../otlp/model.ts'

/** Further apart than clocks of machines that keep time. */
const slackNanos = 10_000_000_000n

/**
 * Whether a span cannot have taken as long as its times say, because the clock they are from was set meanwhile: it ends
 * before it begins, or it began before it arrived and ends long after.
 *
 * Of two machines whose clocks do not agree, a span begins and ends after it arrived, or neither. A `precise` clock is
 * monotonic, so that nobody can set it.
 *
 * @param arrivedNanos When it came, by a clock that is not set; see `steady-clock.ts`.
 */
export function isImpossibleDuration(
  { startNanos, endNanos }: Pick<Span, 'startNanos' | 'endNanos'>,
  { attributes }: Resource,
  arrivedNanos: bigint,
): boolean {
  if (endNanos === 0n) return false // sent before its end, which nobody knows
  if (endNanos < startNanos) return true
  return (
    endNanos > arrivedNanos + slackNanos &&
    startNanos <= arrivedNanos &&
    readAttribute(attributes, 'hono.runtime.clock') !== 'precise'
  )
}
