import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { renderAuthority } from '../../observability/plumbing/reachable-url.ts'
import { createNodeTelemetry } from '../../observability/telemetry/platforms/node-telemetry.ts'
import { prepareClose } from '../service/prepare-close.ts'
import { describeListenError, describeStart, exitWith, stopOnSignals } from '../service/process.ts'
import { createProcessService } from '../service/process-service.ts'

const { host, port, telemetry, service } = await createProcessService(8001, createNodeTelemetry)

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
