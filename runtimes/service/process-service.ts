import { pathToFileURL } from 'node:url'
import { observeDatabase } from '../../observability/telemetry/database/observe-database.ts'
import type { PlatformOptions } from '../../observability/telemetry/platforms/platform-options.ts'
import type { Telemetry } from '../../observability/telemetry/telemetry.ts'
import type { Application } from '../application/define-application.ts'
import { createBackgroundWork } from './background-work.ts'
import { createPool, readDatabaseTarget } from './database/database.ts'
import { type DatabaseSettings, hideTelemetryVariables } from './environment.ts'
import { hurryMillis, readEnvironment } from './process.ts'
import { createService, type Service, type ServiceDatabase } from './service.ts'
import { createStaticFileReader } from './static-files.ts'

/** A service in its own process, with the address to listen on. */
export type ProcessService = {
  readonly host: string
  readonly port: number
  readonly telemetry: Telemetry
  /** Its `fetch` takes a request and what the platform says of it. */
  readonly service: Omit<Service, 'fetch'> & {
    fetch(request: Request, bindings?: unknown): Response | Promise<Response>
  }
}

/**
 * Puts the service together for a process that lives on (Node, Deno, Bun), as its variables say.
 *
 * @param port Where it listens unless `PORT` says otherwise.
 */
export async function createProcessService(
  port: number,
  createTelemetry: (options: PlatformOptions) => Telemetry,
): Promise<ProcessService> {
  const bundle = process.env.APPLICATION_BUNDLE
  const application = await loadApplication(bundle)
  const environment = readEnvironment({ port, application })
  hideTelemetryVariables(process.env)
  const telemetry = createTelemetry({
    settings: environment.telemetry,
    serviceVersion: application.version,
  })
  const service = createService({
    application,
    environment,
    telemetry,
    database: environment.database && openDatabase(environment.database, telemetry),
    readStaticFile: createStaticFileReader(application, bundle),
    writeLine: (line) => process.stdout.write(`${line}\n`),
  })
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => setTimeout(service.hurry, hurryMillis))
  const background = createBackgroundWork(telemetry.log)
  return {
    host: environment.host,
    port: environment.port,
    telemetry,
    service: {
      fetch: (request, bindings) => service.fetch(request, bindings, background.executionContext),
      hurry: service.hurry,
      async close() {
        await background.settle(backgroundMillisMax)
        await service.close()
      },
    },
  }
}

/** How long a stop waits for what an app has begun beside its answers. */
const backgroundMillisMax = 1000

/** The one of this repository, or the bundle that `--app` made. */
async function loadApplication(bundle: string | undefined): Promise<Application> {
  const module: { readonly default: Application } =
    bundle === undefined
      ? await import('../application.ts')
      : await import(pathToFileURL(bundle).href)
  return module.default
}

function openDatabase(settings: DatabaseSettings, telemetry: Telemetry): ServiceDatabase {
  const observer = observeDatabase(telemetry, readDatabaseTarget(settings.url))
  return { observer, pool: createPool(settings, observer) }
}
