import { once } from 'node:events'
import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
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
import { createNodeTelemetry } from './telemetry.ts'

const environment = readEnvironment({ port: 8001 })
const { host, port } = environment
const telemetry = createNodeTelemetry(environment.telemetry)
const observer = telemetry.observeDatabase(readDatabaseTarget(environment.database.url))
const pool = createPool(environment.database, observer)
const service = createService({ environment, telemetry, observer, pool, readDocsFile })

const server = createServer(getRequestListener(service.fetch))
server.on('error', (error) => exitWith(describeListenError(error, host, port)))
server.listen(port, host, () => telemetry.log(describeStart(host, port)))

stopOnSignals(async () => {
  await closeServer()
  await service.close()
})

/** Takes no new requests and lets those under way finish, for `drainMillisMax` at most. */
async function closeServer(): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  const cutOff = setTimeout(() => server.closeAllConnections(), drainMillisMax)
  // A kept-alive connection is idle again only after its answer.
  const sweep = setInterval(() => server.closeIdleConnections(), 50)
  await closed
  clearTimeout(cutOff)
  clearInterval(sweep)
}
