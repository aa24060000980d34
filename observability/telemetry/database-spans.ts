import {
  type Attributes,
  context,
  createContextKey,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import {
  ATTR_DB_COLLECTION_NAME,
  ATTR_DB_NAMESPACE,
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_QUERY_SUMMARY,
  ATTR_DB_QUERY_TEXT,
  ATTR_DB_RESPONSE_STATUS_CODE,
  ATTR_DB_SYSTEM_NAME,
  ATTR_ERROR_TYPE,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  DB_SYSTEM_NAME_VALUE_POSTGRESQL,
} from '@opentelemetry/semantic-conventions'
import { ATTR_DB_RESPONSE_RETURNED_ROWS } from '@opentelemetry/semantic-conventions/incubating'
import type { CompiledQuery } from 'kysely'
import { summarizeQuery } from './query-summary.ts'
import { readTraceClock } from './trace-clock.ts'

/** Where the database is, as its spans say it. */
export type DatabaseTarget = {
  /** The database's name. */
  readonly namespace: string
  readonly address: string
  readonly port: number
}

/** Spans of what a service asks of its database. */
export type DatabaseSpans = {
  /** One CLIENT span around one statement, from the moment it is asked for. */
  statement<R extends { readonly rows: readonly unknown[] }>(
    query: CompiledQuery,
    run: () => Promise<R>,
  ): Promise<R>
  /** To be called where a connection is asked for; what it returns marks that it was had, on the statement's span. */
  waitForConnection(): () => void
  /**
   * One CLIENT span around the opening of one physical connection: within the statement that asked for it, or in a
   * trace of its own when it was not `asked` just now, but opened for a queue by whoever freed a place.
   */
  connect<R>(open: () => Promise<R>, asked: boolean): Promise<R>
}

const statementKey = createContextKey('hono statement span')

/**
 * Makes the database spans of `telemetry.md`: `SELECT todos` and `CONNECT {namespace}`.
 *
 * The parent is whatever is active when the service asks, never what is active when the driver gets around to it:
 * a query that waited for a connection is run by whoever gave the connection back.
 */
export function createDatabaseSpans(tracer: Tracer, target: DatabaseTarget): DatabaseSpans {
  const common: Attributes = {
    [ATTR_DB_SYSTEM_NAME]: DB_SYSTEM_NAME_VALUE_POSTGRESQL,
    [ATTR_DB_NAMESPACE]: target.namespace,
    [ATTR_SERVER_ADDRESS]: target.address,
    [ATTR_SERVER_PORT]: target.port,
  }

  async function record<R>(
    name: string,
    attributes: Attributes,
    run: () => Promise<R>,
    onResult?: (span: Span, result: R) => void,
  ): Promise<R> {
    const parent = context.active()
    const now = readTraceClock(parent)
    const span = tracer.startSpan(
      name,
      { kind: SpanKind.CLIENT, attributes, startTime: now() },
      parent,
    )
    const active = trace.setSpan(parent, span).setValue(statementKey, span)
    try {
      const result = await context.with(active, run)
      onResult?.(span, result)
      return result
    } catch (error) {
      fail(span, error)
      throw error
    } finally {
      span.end(now())
    }
  }

  return {
    statement(query, run) {
      const summary = summarizeQuery(query)
      const attributes = {
        ...common,
        [ATTR_DB_OPERATION_NAME]: summary.operation,
        ...(summary.collection !== undefined && { [ATTR_DB_COLLECTION_NAME]: summary.collection }),
        [ATTR_DB_QUERY_SUMMARY]: summary.text,
        [ATTR_DB_QUERY_TEXT]: query.sql,
      }
      return record(summary.text, attributes, run, (span, result) => {
        span.setAttribute(ATTR_DB_RESPONSE_RETURNED_ROWS, result.rows.length)
      })
    },
    waitForConnection() {
      const active = context.active()
      const span = active.getValue(statementKey)
      if (!isSpan(span)) return () => {}
      return () => span.addEvent('db.connection.acquired', readTraceClock(active)())
    },
    connect(open, asked) {
      const attributes = { ...common, [ATTR_DB_OPERATION_NAME]: 'CONNECT' }
      const run = () => record(`CONNECT ${target.namespace}`, attributes, open)
      return asked ? run() : context.with(ROOT_CONTEXT, run)
    },
  }
}

function isSpan(value: unknown): value is Span {
  return typeof value === 'object' && value !== null && 'spanContext' in value
}

/** A SQLSTATE (five characters) is what PostgreSQL says; any other code is of the way to it. */
function fail(span: Span, error: unknown): void {
  const code = readCode(error)
  const isSqlState = code !== undefined && /^[0-9A-Z]{5}$/.test(code)
  if (isSqlState) span.setAttribute(ATTR_DB_RESPONSE_STATUS_CODE, code)
  span.setAttribute(ATTR_ERROR_TYPE, code ?? (error instanceof Error ? error.name : '_OTHER'))
  // The driver's words may quote values, such as the key that exists already: they are not repeated here.
  span.setStatus({ code: SpanStatusCode.ERROR })
}

function readCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
