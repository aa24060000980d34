import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { prepareClose } from '../close-server.ts'
import { describeListenError, describeStart, exitWith, stopOnSignals } from '../process.ts'
import { createProcessService } from '../process-service.ts'
import { renderAuthority } from '../reachable-url.ts'
import { createNodeTelemetry } from './telemetry.ts'

const { host, port, telemetry, service } = createProcessService(8001, createNodeTelemetry)

// For a request that names no host.
const hostname = renderAuthority(host, port)
const server = createServer(getRequestListener(service.fetch, { hostname }))
const closeServer = prepareClose(server)
server.on('error', (error) => exitWith(describeListenError(error, host, port)))
server.listen(port, host, () => telemetry.log(describeStart(host, port)))

stopOnSignals(async () => {
  await closeServer()
  await service.close()
})
