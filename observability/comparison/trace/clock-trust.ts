import { type Attribute, readAttribute } from '../../otlp/model.ts'

/**
 * The precision of the clock behind a runtime's spans (resource attribute `hono.runtime.clock`): `precise` below a
 * millisecond; `millisecond` in whole ones; `io-only` stands still while code runs and moves only with I/O; `unknown`
 * without the attribute, or with another value.
 */
export type ClockTrust = 'precise' | 'millisecond' | 'io-only' | 'unknown'

/** The mark of such a clock's durations, and its meaning; precise ones have no mark. */
export const clockMarks: Readonly<Record<ClockTrust, { mark: string; meaning: string }>> = {
  precise: { mark: '', meaning: '' },
  millisecond: {
    mark: '~',
    meaning: 'a clock of whole milliseconds: one more or less says nothing',
  },
  'io-only': { mark: '?', meaning: 'a clock that stands still between I/O: says nothing of speed' },
  unknown: { mark: '!', meaning: 'a clock that does not say how far it can be trusted' },
}

/** The trust of a resource's clock. */
export function readClockTrust(attributes: readonly Attribute[]): ClockTrust {
  const clock = readAttribute(attributes, 'hono.runtime.clock')
  return clock === 'precise' || clock === 'millisecond' || clock === 'io-only' ? clock : 'unknown'
}

/**
 * A duration in milliseconds with three significant digits at most, and never more than
 * three decimals: `0.034 ms`, `1.24 ms`, `12.4 ms`, `1240 ms`.
 */
export function renderMillis(millis: number): string {
  const size = Math.abs(millis)
  const decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3
  return `${millis.toFixed(decimals)} ms`
}

/**
 * A duration by a runtime's own clock, with no more digits than that clock has and with its
 * mark: `1.24 ms`, `3 ms ~`, `0 ms ?`.
 */
export function renderClockMillis(millis: number, clock: ClockTrust): string {
  const isCoarse = clock === 'millisecond' || clock === 'io-only'
  const text = isCoarse ? `${Math.round(millis)} ms` : renderMillis(millis)
  const { mark } = clockMarks[clock]
  return mark === '' ? text : `${text} ${mark}`
}
