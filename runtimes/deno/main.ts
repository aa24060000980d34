import { createDenoTelemetry } from '../../observability/telemetry/platforms/deno-telemetry.ts'
import {
  describeListenError,
  describeStart,
  drainServer,
  exitWith,
  stopOnSignals,
} from '../service/process.ts'
import { createProcessService } from '../service/process-service.ts'

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
      service.fetch,
    )
  } catch (error) {
    return exitWith(describeListenError(error, host, port))
  }
}
