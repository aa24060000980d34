import { signal } from '@preact/signals'

/** Whether the collector answers. */
export type Connection =
  | { readonly state: 'connected' }
  /** `sinceMillis`: when it last did, or when it was first asked. */
  | { readonly state: 'lost'; readonly sinceMillis: number }

/** Whether the collector answers the page. */
export const connection = signal<Connection>({ state: 'connected' })

/** Counts up each time that it answers again after it did not: what failed meanwhile is worth another try. */
export const returns = signal(0)

let lastAnswerMillis: number | undefined

/**
 * The collector has answered, with any status.
 *
 * @param nowMillis Milliseconds since the Unix epoch.
 */
export function noteAnswer(nowMillis: number): void {
  lastAnswerMillis = nowMillis
  if (connection.peek().state === 'connected') return
  connection.value = { state: 'connected' }
  returns.value += 1
}

/**
 * A request got no answer.
 *
 * @param nowMillis Milliseconds since the Unix epoch.
 */
export function noteSilence(nowMillis: number): void {
  if (connection.peek().state === 'lost') return
  connection.value = { state: 'lost', sinceMillis: lastAnswerMillis ?? nowMillis }
}
