import { createPool, readDatabaseTarget } from '../database.ts'
import { readDocsFile } from '../docs-files.ts'
import {
  describeListenError,
  describeStart,
  drainMillisMax,
  exitWith,
  readEnvironment,
  stopOnSignals,
} from '../process.ts'
import { createService } from '../service.ts'
import { createBunTelemetry } from './telemetry.ts'

const environment = readEnvironment({ port: 8004 })
const { host, port } = environment
const telemetry = createBunTelemetry(environment.telemetry)
const observer = telemetry.observeDatabase(readDatabaseTarget(environment.database.url))
const pool = createPool(environment.database, observer)
const service = createService({ environment, telemetry, observer, pool, readDocsFile })

const server = listen()
telemetry.log(describeStart(host, port))
stopOnSignals(async () => {
  // Takes no new requests and lets those under way finish, for `drainMillisMax` at most.
  await Promise.race([server.stop(), new Promise((resolve) => setTimeout(resolve, drainMillisMax))])
  await service.close()
})

function listen(): Bun.Server<undefined> {
  try {
    return Bun.serve({ hostname: host, port, fetch: (request) => service.fetch(request) })
  } catch (error) {
    return exitWith(describeListenError(error, host, port))
  }
}
