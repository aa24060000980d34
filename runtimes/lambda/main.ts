import { readFile } from 'node:fs/promises'
import { setImmediate as turn } from 'node:timers/promises'
import { Hono } from 'hono'
import { handle, type LambdaContext } from 'hono/aws-lambda'
import { createPool, readDatabaseTarget } from '../database/database.ts'
import { hideTelemetryVariables, parseEnvironment } from '../service/environment.ts'
import { createService } from '../service/service.ts'
import { parseLambdaEvent } from './lambda-event.ts'
import { createLambdaTelemetry } from './telemetry.ts'

const environment = parseEnvironment(process.env, { port: 0 })
hideTelemetryVariables(process.env)
const telemetry = createLambdaTelemetry(environment.telemetry)
const observer = telemetry.observeDatabase(readDatabaseTarget(environment.database.url))
// An environment serves one request at a time, and a request runs one statement at a time.
const pool = createPool({ ...environment.database, poolMax: 1 }, observer)
const service = createService({ environment, telemetry, observer, pool, readDocsFile })

const respond = handle(
  Object.assign(new Hono(), {
    fetch: (request: Request, bindings?: object) => service.fetch(restoreOrigin(request), bindings),
  }),
)

/** Answers an event that is an HTTP request. What it observed has been sent when it returns, if it can be. */
export async function handler(event: unknown, lambda: LambdaContext) {
  await noticeWhatPassed()
  try {
    return await respond(parseLambdaEvent(event), lambda)
  } finally {
    await telemetry.drain()
  }
}

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

/** Swagger UI's files lie beside the bundle. */
async function readDocsFile(name: string): Promise<Uint8Array | null> {
  try {
    return await readFile(new URL(`docs/${name}`, import.meta.url))
  } catch {
    return null
  }
}
