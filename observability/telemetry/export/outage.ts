import type { LogEntry } from '../logs/logs.ts'
import { isRetryableExport } from './exporters.ts'

/** Tells an operator that telemetry does not get through, and when it does again. */
export type Outage = {
  /** @param receiver Where it was sent, as the operator shall read it: the path included, without secrets. */
  begin(what: string, receiver: string, error: unknown): void
  end(what: string, receiver: string, dropped: number): void
}

/**
 * One outage for all signals of one receiver: spans and log records fail together when it is down, and that is one line
 * in the log when it begins and one when the last of them gets through.
 */
export function createOutage(log: (entry: LogEntry) => void): Outage {
  const failing = new Set<string>()
  let lost = 0
  return {
    begin(what, receiver, error) {
      if (failing.size === 0)
        log({
          severity: 'warn',
          event: 'telemetry.export_failed',
          message: isRetryableExport(error)
            ? `telemetry cannot be sent to ${receiver}; it is kept, within bounds, until it can`
            : `telemetry is refused by ${receiver} and lost`,
          attributes: { 'error.message': error instanceof Error ? error.message : String(error) },
        })
      failing.add(what)
    },
    end(what, receiver, dropped) {
      failing.delete(what)
      lost += dropped
      if (failing.size > 0) return
      log({
        severity: 'info',
        event: 'telemetry.export_recovered',
        message: `telemetry is sent to ${receiver} again; ${lost} spans and log records were lost`,
        attributes: { 'telemetry.dropped': lost },
      })
      lost = 0
    },
  }
}
