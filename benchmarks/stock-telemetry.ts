import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { httpInstrumentationMiddleware } from '@hono/otel'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { Hono } from 'hono'
import type { Dialect } from 'kysely'
import { createDatabaseSpans } from '../observability/telemetry/database/database-spans.ts'
import { createTracedKysely } from '../observability/telemetry/database/traced-kysely.ts'
import { createLog } from '../observability/telemetry/logs/logs.ts'
import type { TraceableApp } from '../observability/telemetry/request/traceable-app.ts'
import application from '../runtimes/application.ts'
import { createPool, readDatabaseTarget } from '../runtimes/service/database/database.ts'
import { readEnvironment } from '../runtimes/service/process.ts'
import { createService } from '../runtimes/service/service.ts'
import { createStaticFileReader } from '../runtimes/service/static-files.ts'

// The same service on Node, observed by the packages as they come: @hono/otel as it is and the SDK's batch processors
// with their defaults. Only the database spans are ours: Kysely has none of its own.

const environment = readEnvironment({ port: 8001, application })
const tracers = new NodeTracerProvider({
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
})
tracers.register()
const loggers = new LoggerProvider({
  processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter() })],
})
if (environment.database === undefined) throw new Error('expected an application with a database')
const target = readDatabaseTarget(environment.database.url)
const spans = createDatabaseSpans(tracers.getTracer('stock'), target)
const observer = {
  createKysely: <DB>(dialect: Dialect) => createTracedKysely<DB>({ dialect }, spans),
  connect: spans.connect,
}
const service = createService({
  application,
  environment,
  telemetry: {
    trace(app) {
      const traced: TraceableApp = app instanceof Hono ? instrument(app) : app
      return traced.fetch.bind(traced)
    },
    log: createLog((line) => process.stdout.write(`${line}\n`), loggers.getLogger('stock')),
    tracer: undefined,
    drain: async () => {},
    close: async () => {},
  },
  database: { observer, pool: createPool(environment.database, observer) },
  readStaticFile: createStaticFileReader(application),
  writeLine() {},
})

/** The same routes behind the middleware, which has to come first. */
function instrument(app: Hono): Hono {
  const instrumented = new Hono({ strict: false }).use(httpInstrumentationMiddleware())
  for (const { method, path, handler } of app.routes) instrumented.on(method, path, handler)
  return instrumented.onError(Reflect.get(app, 'errorHandler'))
}

createServer(getRequestListener(service.fetch)).listen(environment.port, environment.host)

process.once('SIGTERM', async () => {
  await Promise.all([tracers.shutdown(), loggers.shutdown()])
  process.exit()
})
