import { Hono } from 'hono'
import { type DocsFileReader, docsRoutes } from './docs.ts'
import { allowOrigins } from './http/allow-origins.ts'
import { requireAllowedHost } from './http/allowed-hosts.ts'
import { createErrorHandler } from './http/error-handler.ts'
import { sayHeadLength } from './http/head-length.ts'
import { bodyBytesMaxDefault } from './http/json-object.ts'
import { answerOtherMethods } from './http/other-methods.ts'
import { Problem, type ReadOutage, respondWithProblem } from './http/problem.ts'
import type { Logger } from './logger.ts'
import { serveOpenapi } from './openapi.ts'
import { type Ping, serviceRoutes } from './service-routes.ts'
import type { TodoRepository } from './todos/repository.ts'
import { todoRoutes, todosPath } from './todos/routes.ts'

/** What the service needs from outside: storage, log, health of the database, and files of its docs. */
export type AppOptions = {
  readonly todos: TodoRepository
  readonly log: Logger
  /** Asks the database, and always settles within a time. Serves `GET /ready`. */
  readonly ping: Ping
  /** Tells what an error says of a dependency. */
  readonly readOutage: ReadOutage
  /** Reads Swagger UI's files from the runtime's own copy of `swagger-ui-dist`; null when there is no such file. */
  readonly readDocsFile: DocsFileReader
  /** The service's version in the OpenAPI document. */
  readonly version: string
  /** Host names that the service answers to, in addition to local ones; `*` alone allows all. Defaults to all. */
  readonly allowedHosts?: readonly string[]
  /** Origins whose pages may call the service; `*` alone allows all. Defaults to `[]`. */
  readonly allowedOrigins?: readonly string[]
  /** Bytes of a request body. Defaults to 1 MiB. */
  readonly bodyBytesMax?: number
}

/**
 * Builds the Todo service: one Web-standard `fetch` handler, no I/O of its own.
 *
 * A runtime observes requests from outside, without `src/` learning that
 * telemetry exists: after the error handler, `c.error` holds an error exactly
 * when the answer is a 5xx.
 *
 * @throws For an `allowedOrigins` that could never match.
 */
export function createApp(options: AppOptions): Hono {
  const { todos, log, ping, readOutage, readDocsFile, version } = options
  const { allowedHosts = ['*'], allowedOrigins = [], bodyBytesMax = bodyBytesMaxDefault } = options

  // Not strict: a trailing slash is the same route, with the same pattern in `routePath`.
  const app = new Hono({ strict: false })
  app.use(sayHeadLength)
  if (!allowedHosts.includes('*')) app.use(requireAllowedHost(allowedHosts))
  if (allowedOrigins.length > 0) app.use(allowOrigins(allowedOrigins))
  app.route('/', serviceRoutes(ping))
  app.route(todosPath, todoRoutes(todos, log, bodyBytesMax))
  app.route('/docs', docsRoutes(readDocsFile))
  serveOpenapi(app, version)
  answerOtherMethods(app)
  app.notFound((c) => respondWithProblem(c, new Problem(404, 'no such route')))
  app.onError(createErrorHandler(log, readOutage))
  return app
}
