import type { TimeParts } from '../../comparison/latency/time-parts.ts'
import { renderMillis } from '../../comparison/trace/clock-trust.ts'

/**
 * What the time of a server was spent for, such as `database 60.1 ms, all else 21.4 ms`; the latter is also what other
 * services took. The network is left out: nobody was asked how long the request took for its client.
 */
export function renderTimeParts({ database, wait, connect, server }: TimeParts): string {
  const parts = [
    ['database', database],
    ['waiting for a connection', wait],
    ['connecting', connect],
  ] as const
  return [
    ...parts
      .filter(([, millis]) => millis > 0)
      .map(([name, own]) => `${name} ${renderMillis(own)}`),
    `all else ${renderMillis(server)}`,
  ].join(', ')
}
