import {
  describeListenError,
  describeStart,
  drainServer,
  exitWith,
  stopOnSignals,
} from '../service/process.ts'
import { createProcessService } from '../service/process-service.ts'
import { createDenoTelemetry } from './telemetry.ts'

const { host, port, telemetry, service } = await createProcessService(8003, createDenoTelemetry)

const server = listen()
stopOnSignals(async () => {
  await drainServer(() => server.shutdown())
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
