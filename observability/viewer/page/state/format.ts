// Times are shown in the reader's zone and language; show the precise value in `title`.

/** `14:03:27.512` in the reader's zone. */
export function formatClock(nanos: bigint): string {
  return clock.format(toDate(nanos))
}

/** As `formatClock`, with the day in front when it is not today's, and the year when it is another. */
export function formatMoment(nanos: bigint, nowMillis: number): string {
  const date = toDate(nanos)
  return `${formatDay(date, nowMillis)}${clock.format(date)}`
}

/** `14:03:27`, as `formatMoment` otherwise. */
export function formatSecond(millis: number, nowMillis: number): string {
  const date = new Date(millis)
  return `${formatDay(date, nowMillis)}${seconds.format(date)}`
}

/** `14:03:05 – 14:03:10`, the day in front when it is not today's. */
export function formatStretch(fromMillis: number, toMillis: number, nowMillis: number): string {
  const end = new Date(toMillis)
  const isOneDay = end.toDateString() === new Date(fromMillis).toDateString()
  const to = isOneDay ? seconds.format(end) : formatSecond(toMillis, nowMillis)
  return `${formatSecond(fromMillis, nowMillis)} – ${to}`
}

/** A time on an axis: no more of it than tells its ticks apart. */
export function formatTick(millis: number, stepMillis: number, spanMillis: number): string {
  const date = new Date(millis)
  if (stepMillis >= dayMillis) return day.format(date)
  if (spanMillis > dayMillis) return `${day.format(date)} ${minutes.format(date)}`
  return (stepMillis < 60_000 ? seconds : minutes).format(date)
}

/** Every digit there is, in UTC: `2026-01-31T12:00:00.000123456Z`. */
export function formatPrecise(nanos: bigint): string {
  const upToSeconds = toDate(nanos).toISOString().slice(0, 19)
  return `${upToSeconds}.${String(nanos % 1_000_000_000n).padStart(9, '0')}Z`
}

/** The zone of every time that is shown, such as `Europe/Berlin`. */
export const timeZone = new Intl.DateTimeFormat().resolvedOptions().timeZone

const dayMillis = 86_400_000

function toDate(nanos: bigint): Date {
  return new Date(Number(nanos / 1_000_000n))
}

function formatDay(date: Date, nowMillis: number): string {
  const now = new Date(nowMillis)
  if (date.toDateString() === now.toDateString()) return ''
  return `${(date.getFullYear() === now.getFullYear() ? day : dayAndYear).format(date)} `
}

const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
const minutes = new Intl.DateTimeFormat(undefined, time)
const seconds = new Intl.DateTimeFormat(undefined, { ...time, second: '2-digit' })
const clock = new Intl.DateTimeFormat(undefined, {
  ...time,
  second: '2-digit',
  fractionalSecondDigits: 3,
})
const day = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' })
const dayAndYear = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })

/** `12,345`. */
export function formatCount(count: number): string {
  return counts.format(count)
}

const counts = new Intl.NumberFormat('en')

/** `3 spans`, `1 span`. */
export function countOf(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`
}

/** Requests per second with two digits that matter: `0.25/s`, `12/s`; nothing is hidden behind a zero. */
export function formatRate(perSecond: number): string {
  if (perSecond === 0) return '0/s'
  if (perSecond < 0.01) return `${Number(perSecond.toPrecision(2))}/s`
  const decimals = perSecond >= 10 ? 0 : perSecond >= 1 ? 1 : 2
  return `${perSecond.toFixed(decimals)}/s`
}

/** `4.2 %`; nothing is hidden behind a zero. */
export function formatShare(share: number): string {
  if (share === 0) return '0 %'
  if (share < 0.001) return '< 0.1 %'
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`
}
