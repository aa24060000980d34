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
import { createDenoTelemetry } from './telemetry.ts'

const environment = readEnvironment({ port: 8003 })
const { host, port } = environment
const telemetry = createDenoTelemetry(environment.telemetry)
const observer = telemetry.observeDatabase(readDatabaseTarget(environment.database.url))
const pool = createPool(environment.database, observer)
const service = createService({ environment, telemetry, observer, pool, readDocsFile })

const server = listen()
stopOnSignals(async () => {
  // Takes no new requests and lets those under way finish, for `drainMillisMax` at most.
  await Promise.race([
    server.shutdown(),
    new Promise((resolve) => setTimeout(resolve, drainMillisMax)),
  ])
  await service.close()
})

function listen(): Deno.HttpServer {
  try {
    return Deno.serve(
      { hostname: host, port, onListen: () => telemetry.log(describeStart(host, port)) },
      (request, info) => service.fetch(request, info),
    )
  } catch (error) {
    return exitWith(describeListenError(error, host, port))
  }
}
