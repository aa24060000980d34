import {
  describeListenError,
  describeStart,
  drainMillisMax,
  exitWith,
  stopOnSignals,
} from '../process.ts'
import { createProcessService } from '../process-service.ts'
import { createDenoTelemetry } from './telemetry.ts'

const { host, port, telemetry, service } = createProcessService(8003, createDenoTelemetry)

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
      (request, info) => telemetry.enter(() => service.fetch(request, info)),
    )
  } catch (error) {
    return exitWith(describeListenError(error, host, port))
  }
}
