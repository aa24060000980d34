import { type Parameters, readParameter } from './address.ts'

export type Window = {
  readonly name: string
  readonly text: string
  /** `null` for as far back as anything is stored. */
  readonly millis: number | null
}

/** Stretches of time that end now. */
export const windows: readonly Window[] = [
  { name: '1m', text: '1 min', millis: 60_000 },
  { name: '5m', text: '5 min', millis: 5 * 60_000 },
  { name: '15m', text: '15 min', millis: 15 * 60_000 },
  { name: '1h', text: '1 h', millis: 60 * 60_000 },
  { name: 'all', text: 'all', millis: null },
]

/** The window of that name; of any other the fallback. */
export function findWindow(name: string, fallback: string): Window {
  const found = windows.find((window) => window.name === name)
  return found ?? windows.find((window) => window.name === fallback) ?? allTime
}

const allTime: Window = { name: 'all', text: 'all', millis: null }

/** `start` and `end` as the query API takes them; absent where there is no bound. */
export type Times = { readonly start?: string; readonly end?: string }

/** The times that a view was asked for: from one to another, or the last minutes. */
export function readTimes(parameters: Parameters, nowMillis: number, fallback = 'all'): Times {
  const [start, end] = [readParameter(parameters, 'start'), readParameter(parameters, 'end')]
  if (start !== '' || end !== '')
    return { ...(start !== '' && { start }), ...(end !== '' && { end }) }
  const { millis } = findWindow(readParameter(parameters, 'window'), fallback)
  return millis === null ? {} : { start: nanosText(nowMillis - millis) }
}

export function nanosText(millis: number): string {
  return String(BigInt(Math.floor(millis)) * 1_000_000n)
}

/** Converts nanoseconds, which links within the page have; `undefined` for other forms. */
export function readMillis(text: string): number | undefined {
  return /^\d{7,20}$/.test(text) ? Number(BigInt(text) / 1_000_000n) : undefined
}
