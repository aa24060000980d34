import type { TelemetrySettings } from '../../observability/telemetry/settings/settings.ts'
import type { Telemetry } from '../../observability/telemetry/telemetry.ts'
import { createPool, readDatabaseTarget } from '../database/database.ts'
import { readDocsFile } from './docs-files.ts'
import { hideTelemetryVariables } from './environment.ts'
import { hurryMillis, readEnvironment } from './process.ts'
import { createService, type Service } from './service.ts'

/** A service in its own process, with the address to listen on. */
export type ProcessService = {
  readonly host: string
  readonly port: number
  readonly telemetry: Telemetry
  readonly service: Service
}

/**
 * Puts the service together for a process that lives on (Node, Deno, Bun), as its variables say.
 *
 * @param port Where it listens unless `PORT` says otherwise.
 */
export function createProcessService(
  port: number,
  createTelemetry: (settings: TelemetrySettings) => Telemetry,
): ProcessService {
  const environment = readEnvironment({ port })
  hideTelemetryVariables(process.env)
  const telemetry = createTelemetry(environment.telemetry)
  const observer = telemetry.observeDatabase(readDatabaseTarget(environment.database.url))
  const pool = createPool(environment.database, observer)
  const service = createService({ environment, telemetry, observer, pool, readDocsFile })
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => setTimeout(service.hurry, hurryMillis))
  return { host: environment.host, port: environment.port, telemetry, service }
}
