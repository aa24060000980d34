import type { Repetition } from '../operations/operation-result.ts'
import { readClockTrust } from '../trace/clock-trust.ts'
import { findServer } from './time-parts.ts'

/** A server may end its span a little after the client has the last byte. */
const slackMillis = 1000

/**
 * Whether the durations in a trace can be: they cannot when the clock behind them was set meanwhile. Then the request
 * is compared like any other, and its times are in no statistic.
 *
 * The server works within what the client waits for, and the driver's clock cannot be set. Neither can a `precise` one.
 */
export function hasTrustedTimes({
  trace,
  clientMillis,
  isDurationTrusted = true,
}: Pick<Repetition, 'trace' | 'clientMillis' | 'isDurationTrusted'>): boolean {
  if (!isDurationTrusted) return false
  const server = trace === null ? undefined : findServer(trace.roots)
  if (server === undefined) return true
  const millis = Number(server.span.endNanos - server.span.startNanos) / 1e6
  if (millis < 0) return false
  if (clientMillis === null || millis <= clientMillis + slackMillis) return true
  return readClockTrust(server.resource.attributes) === 'precise'
}
