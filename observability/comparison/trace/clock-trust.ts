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

const [secondMillis, minuteMillis, hourMillis, dayMillis] = [1_000, 60_000, 3_600_000, 86_400_000]

/**
 * A duration, given in milliseconds. Up to a minute it has three significant digits at most, and never more than three
 * decimals: `0.034 ms`, `12.4 ms`, `5.02 s`. From a minute on it has two units: `1 min 30 s`, `2 h 5 min`, `3 d 4 h`.
 */
export function renderMillis(millis: number): string {
  return render(millis, toDigits)
}

/** The same of a round number, such as one on an axis: `0.5 ms` and not `0.500 ms`. */
export function renderRoundMillis(millis: number): string {
  return render(millis, (value) => String(Number(toDigits(value))))
}

function render(millis: number, write: (value: number) => string): string {
  const size = Math.abs(millis)
  // From here on three digits would be `1000`, and `60.0`.
  if (size < 999.5) return `${write(millis)} ms`
  if (size < 59_950) return `${write(millis / secondMillis)} s`
  const sign = millis < 0 ? '-' : ''
  const seconds = Math.round(size / secondMillis) * secondMillis
  if (seconds < hourMillis) return sign + writeTwo(seconds, ['min', minuteMillis], ['s', 1_000])
  const minutes = Math.round(size / minuteMillis) * minuteMillis
  if (minutes < dayMillis) return sign + writeTwo(minutes, ['h', hourMillis], ['min', minuteMillis])
  const hours = Math.round(size / hourMillis) * hourMillis
  return sign + writeTwo(hours, ['d', dayMillis], ['h', hourMillis])
}

type Unit = readonly [name: string, millis: number]

function writeTwo(millis: number, [large, largeMillis]: Unit, [small, smallMillis]: Unit): string {
  const rest = Math.round((millis % largeMillis) / smallMillis)
  return `${Math.floor(millis / largeMillis)} ${large}${rest === 0 ? '' : ` ${rest} ${small}`}`
}

function toDigits(value: number): string {
  const size = Math.abs(value)
  return value.toFixed(size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.9995 ? 2 : 3)
}

/**
 * A duration by a runtime's own clock, with no more digits than that clock has and with its
 * mark: `1.24 ms`, `3 ms ~`, `0 ms ?`, `5.02 s ~`.
 */
export function renderClockMillis(millis: number, clock: ClockTrust): string {
  const isCoarse = clock === 'millisecond' || clock === 'io-only'
  const text = isCoarse ? renderRoundMillis(Math.round(millis)) : renderMillis(millis)
  const { mark } = clockMarks[clock]
  return mark === '' ? text : `${text} ${mark}`
}
