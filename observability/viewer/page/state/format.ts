// Times are shown in the reader's zone and language; the precise value is for the `title` of
// whatever shows them.

/** `14:03:27.512` in the reader's zone. */
export function formatClock(nanos: bigint): string {
  return clock.format(toDate(nanos))
}

/** As `formatClock`, with the day in front when it is not today's. */
export function formatMoment(nanos: bigint, nowMillis: number): string {
  const date = toDate(nanos)
  const isToday = date.toDateString() === new Date(nowMillis).toDateString()
  return isToday ? clock.format(date) : `${day.format(date)} ${clock.format(date)}`
}

/** `14:03:27`, or `14:03` where seconds say nothing. */
export function formatTick(millis: number, stepMillis: number): string {
  return (stepMillis < 60_000 ? tickSeconds : tickMinutes).format(new Date(millis))
}

/** Every digit there is, in UTC and with the zone of the reader named: `2026-01-31T12:00:00.000123456Z`. */
export function formatPrecise(nanos: bigint): string {
  const seconds = toDate(nanos).toISOString().slice(0, 19)
  return `${seconds}.${String(nanos % 1_000_000_000n).padStart(9, '0')}Z`
}

function toDate(nanos: bigint): Date {
  return new Date(Number(nanos / 1_000_000n))
}

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
})
const day = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' })
const tickSeconds = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})
const tickMinutes = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})

/** `12,345`. */
export function formatCount(count: number): string {
  return counts.format(count)
}

const counts = new Intl.NumberFormat('en')

/** `3 spans`, `1 span`. */
export function countOf(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`
}

/** Requests per second with two digits that matter: `0.25/s`, `12/s`. */
export function formatRate(perSecond: number): string {
  if (perSecond === 0) return '0/s'
  const decimals = perSecond >= 10 ? 0 : perSecond >= 1 ? 1 : perSecond >= 0.01 ? 2 : 3
  return `${perSecond.toFixed(decimals)}/s`
}

/** `4.2 %`; nothing is hidden behind a zero. */
export function formatShare(share: number): string {
  if (share === 0) return '0 %'
  if (share < 0.001) return '< 0.1 %'
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`
}
