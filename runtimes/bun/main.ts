import { lookup } from 'node:dns/promises'
import {
  describeListenError,
  describeStart,
  exitWith,
  stopOnSignals,
  waitForDrain,
} from '../process.ts'
import { createProcessService } from '../process-service.ts'
import { createBunTelemetry } from './telemetry.ts'

const { host, port, telemetry, service } = createProcessService(8004, createBunTelemetry)

const server = await listen()
telemetry.log(describeStart(host, port))
stopOnSignals(async () => {
  await waitForDrain(server.stop())
  await service.close()
})

async function listen(): Promise<Bun.Server<undefined>> {
  try {
    // Of a name that leads nowhere, Bun says that the port is in use.
    await lookup(host)
    return Bun.serve({
      hostname: host,
      port,
      fetch: (request, { url }) =>
        telemetry.enter(() => service.fetch(restoreOrigin(request, url.origin))),
    })
  } catch (error) {
    return exitWith(describeListenError(error, host, port))
  }
}

/** Of a request that names no host, or one that is none, Bun's URL is a path alone. */
function restoreOrigin(request: Request, origin: string): Request {
  return request.url.startsWith('/') ? new Request(`${origin}${request.url}`, request) : request
}
