// Ahead of the application, which may take `fetch` when it is imported.
import '../service/replace-fetch.ts'
import { readFile } from 'node:fs/promises'
import { setImmediate as turn } from 'node:timers/promises'
import { Hono } from 'hono'
import { handle, type LambdaContext } from 'hono/aws-lambda'
import { observeDatabase } from '../../observability/telemetry/database/observe-database.ts'
import { createLambdaTelemetry } from '../../observability/telemetry/platforms/lambda-telemetry.ts'
import application from '../application.ts'
import { createBackgroundWork } from '../service/background-work.ts'
import { createPool, readDatabaseTarget } from '../service/database/database.ts'
import {
  type DatabaseSettings,
  hideTelemetryVariables,
  parseEnvironment,
} from '../service/environment.ts'
import { createService, type ServiceDatabase } from '../service/service.ts'
import { parseLambdaEvent } from './lambda-event.ts'

const environment = parseEnvironment(process.env, { port: 0, application })
hideTelemetryVariables(process.env)
const telemetry = createLambdaTelemetry({
  settings: environment.telemetry,
  serviceVersion: application.version,
})
const service = createService({
  application,
  environment,
  telemetry,
  database: environment.database && openDatabase(environment.database),
  readStaticFile,
  // The platform's own `console.log` writes more.
  writeLine: (line) => process.stdout.write(`${line}\n`),
})
const background = createBackgroundWork(telemetry.log)

const respond = handle(
  Object.assign(new Hono(), {
    fetch: (request: Request, bindings?: object) =>
      service.fetch(restoreOrigin(request), bindings, background.executionContext),
  }),
)

/** Answers an event that is an HTTP request. What it observed has been sent when it returns, if it can be. */
export async function handler(event: unknown, lambda: LambdaContext) {
  await noticeWhatPassed()
  try {
    return await respond(parseLambdaEvent(event), lambda)
  } finally {
    await background.settle(lambda.getRemainingTimeInMillis() - drainMillis)
    await telemetry.drain()
  }
}

/** Kept of an invocation's time for what was observed, once what it gave to `waitUntil` had the rest. */
const drainMillis = 1500

/**
 * The process stood still since its last answer. Connections that were closed meanwhile, and ones that were idle for too
 * long by now, leave the pool within two turns of the event loop (I/O, then timers): before a statement is given one.
 */
async function noticeWhatPassed(): Promise<void> {
  await turn()
  await turn()
}

/** Lambda's adapter takes every request for one by HTTPS on port 443. What stands in front of it says what it was. */
function restoreOrigin(request: Request): Request {
  const scheme = request.headers.get('x-forwarded-proto') ?? 'https'
  const port = request.headers.get('x-forwarded-port') ?? ''
  if (scheme === 'https' && (port === '443' || port === '')) return request
  const url = new URL(request.url)
  url.protocol = scheme
  url.port = port
  return new Request(url, request)
}

/** An environment serves one request at a time, and a request runs one statement at a time. */
function openDatabase(settings: DatabaseSettings): ServiceDatabase {
  const observer = observeDatabase(telemetry, readDatabaseTarget(settings.url))
  return { observer, pool: createPool({ ...settings, poolMax: 1 }, observer) }
}

/** An application's static files lie beside the bundle. */
async function readStaticFile(name: string): Promise<Uint8Array | null> {
  if (application.staticFiles?.names.includes(name) !== true) return null
  try {
    return await readFile(new URL(`docs/${name}`, import.meta.url))
  } catch {
    return null
  }
}
