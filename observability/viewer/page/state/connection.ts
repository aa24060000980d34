import { signal } from '@preact/signals'

/** Whether the collector answers. */
export type Connection =
  | { readonly state: 'connected' }
  | { readonly state: 'lost'; readonly sinceMillis: number }

export const connection = signal<Connection>({ state: 'connected' })

export function noteAnswer(): void {
  if (connection.peek().state === 'lost') connection.value = { state: 'connected' }
}

export function noteSilence(nowMillis: number): void {
  if (connection.peek().state !== 'lost') {
    connection.value = { state: 'lost', sinceMillis: nowMillis }
  }
}
