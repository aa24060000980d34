import type { Context } from 'hono'
import type { TelemetrySettings } from '../../observability/telemetry/settings.ts'
import { createTelemetry, type Telemetry } from '../../observability/telemetry/telemetry.ts'
import { serviceVersion } from '../service.ts'

/**
 * Telemetry of an isolate: sent in `waitUntil`, after the answer, because between requests an isolate does not run.
 *
 * @param clock Deployed, it stands still but for I/O.
 */
export function createWorkersTelemetry(
  settings: TelemetrySettings,
  clock: 'io-only' | 'millisecond' = 'io-only',
): Telemetry {
  const telemetry = createTelemetry({
    settings,
    resource: {
      'service.version': serviceVersion,
      'process.runtime.name': 'workerd',
      'cloud.provider': 'cloudflare',
      'cloud.platform': 'cloudflare.workers',
      'hono.runtime.name': 'workers',
      'hono.runtime.clock': clock,
    },
    // biome-ignore lint/suspicious/noConsole: it is how a Worker writes a line
    writeLine: (line) => console.log(line),
    schedule: 'caller',
    exporterBuild: 'fetch',
    onRequestEnd: (c: Context) => c.executionCtx.waitUntil(drainAfterAnswer()),
  })

  /** Serialising takes time, and the answer shall not wait for it. */
  async function drainAfterAnswer(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 0))
    await telemetry.drain()
  }

  return telemetry
}
