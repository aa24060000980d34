import { lookup } from 'node:dns/promises'
import { createBunTelemetry } from '../../observability/telemetry/platforms/bun-telemetry.ts'
import {
  describeListenError,
  describeStart,
  drainServer,
  exitWith,
  stopOnSignals,
} from '../service/process.ts'
import { createProcessService } from '../service/process-service.ts'

const { host, port, telemetry, service } = await createProcessService(8004, createBunTelemetry)

/**
 * The most that Bun allows. Bun closes a connection without an answer if nothing was sent or received for so long. Its
 * default of 10 s is too short for a request that waits for the database, and for a slow body.
 */
const idleSecondsMax = 255

const server = await listen()
telemetry.log(describeStart(host, port))
stopOnSignals(async () => {
  await drainServer(() => server.stop())
  await service.close()
})

async function listen(): Promise<Bun.Server<undefined>> {
  try {
    // Of a name that leads nowhere, Bun says that the port is in use.
    await lookup(host)
    return Bun.serve({
      hostname: host,
      port,
      idleTimeout: idleSecondsMax,
      // Its own page about an error is for the one who develops Bun's handler, and has parts of the source.
      development: false,
      fetch(request, own) {
        // `server` is for Hono's helpers of Bun; of a request that was made anew it knows no address.
        const bindings = { readPeer: () => own.requestIP(request), server: own }
        return service.fetch(restoreOrigin(request, own.url.origin), bindings)
      },
    })
  } catch (error) {
    return exitWith(describeListenError(error, host, port))
  }
}

/** Without a valid `Host`, Bun gives a relative `request.url`; this makes it absolute. */
function restoreOrigin(request: Request, origin: string): Request {
  return request.url.startsWith('/') ? new Request(`${origin}${request.url}`, request) : request
}
