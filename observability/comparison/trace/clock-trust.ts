import { type Attribute, readAttribute } from '../../otlp/model.ts'

/**
 * The precision of the clock behind a runtime's spans (resource attribute `hono.runtime.clock`): `precise` below a
 * millisecond; `millisecond` in whole ones; `io-only` stands still while code runs and moves only with I/O; `unknown`
 * without the attribute, or with another value.
 */
export type ClockTrust = 'precise' | 'millisecond' | 'io-only' | 'unknown'

/**
 * The mark of such a clock's durations, and its meaning. Most services do not say how exact their clock is, and a mark at
 * every number of theirs would be noise: that is said once, in words.
 */
export const clockMarks: Readonly<Record<ClockTrust, { mark: string; meaning: string }>> = {
  precise: { mark: '', meaning: '' },
  millisecond: {
    mark: '~',
    meaning: 'a clock of whole milliseconds: one more or less says nothing',
  },
  'io-only': { mark: '?', meaning: 'a clock that stands still between I/O: says nothing of speed' },
  unknown: { mark: '', meaning: 'does not say how exact its clock is' },
}

/** Services named in one sentence; the rest is counted. */
const namedMax = 3

/**
 * Explains the marks that stand at durations, and names those whose clocks have none because nothing is known of them.
 *
 * @param lanes Whose durations are shown; a name may come several times.
 * @returns A sentence for each kind of clock that is not precise.
 */
export function describeClocks(
  lanes: readonly { readonly name: string; readonly clock: ClockTrust }[],
): readonly string[] {
  const marked = (['millisecond', 'io-only'] as const).filter((kind) =>
    lanes.some(({ clock }) => clock === kind),
  )
  const names = [
    ...new Set(
      lanes.flatMap(({ name, clock }) => (clock === 'unknown' ? [name || 'a service'] : [])),
    ),
  ].sort()
  const more = names.length - namedMax
  const who = names.slice(0, namedMax).join(', ') + (more > 0 ? ` and ${more} more` : '')
  const silent =
    names.length === 1 ? clockMarks.unknown.meaning : 'do not say how exact their clocks are'
  return [
    ...marked.map((kind) => `${clockMarks[kind].mark} ${clockMarks[kind].meaning}`),
    ...(names.length === 0 ? [] : [`${who} ${silent}`]),
  ]
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
