import type { TelemetrySettings } from '../../observability/telemetry/settings.ts'
import { createTelemetry, type Telemetry } from '../../observability/telemetry/telemetry.ts'
import { serviceVersion } from '../service.ts'

/** Telemetry of a Bun process, sent by a timer. */
export function createBunTelemetry(settings: TelemetrySettings): Telemetry {
  return createTelemetry({
    settings,
    resource: {
      'service.version': serviceVersion,
      'process.runtime.name': 'bun',
      'process.runtime.version': Bun.version,
      'hono.runtime.name': 'bun',
      'hono.runtime.clock': 'precise',
    },
    writeLine: (line) => process.stdout.write(`${line}\n`),
    schedule: 'timer',
  })
}
