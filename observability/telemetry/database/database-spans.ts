import {
  type Attributes,
  context,
  createContextKey,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Context as TraceContext,
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
import { readErrorType } from '../logs/fail-span.ts'
import { readRequestTrace } from '../request/request-trace.ts'
import { createTraceClock, type TraceClock } from '../request/trace-clock.ts'
import { readDatabaseError, readErrorCode } from './database-error.ts'
import { summarizeQuery } from './query-summary.ts'

/** Where the database is, as its spans say it. */
export type DatabaseTarget = {
  /** The database's name. */
  readonly namespace: string
  /** A host, or a Unix socket. */
  readonly address: string
  /** A Unix socket has none. */
  readonly port?: number
}

type Rows = { readonly rows: readonly unknown[] }

/** Spans of what a service asks of its database. */
export type DatabaseSpans = {
  /** One CLIENT span around one statement, from the moment it is asked for. */
  statement<R extends Rows>(query: CompiledQuery, run: () => Promise<R>): Promise<R>
  /** The same around a statement whose rows come in chunks: it ends with the last, or when no more are wanted. */
  stream<R extends Rows>(
    query: CompiledQuery,
    run: () => AsyncIterableIterator<R>,
  ): AsyncIterableIterator<R>
  /** One CLIENT span around what a driver says by itself, such as `BEGIN` or `COMMIT`. */
  control<R>(operation: string, run: () => Promise<R>): Promise<R>
  /** To be called where a connection is asked for; what it returns marks that it was had, on the statement's span. */
  waitForConnection(): () => void
  /**
   * One CLIENT span around the opening of one physical connection: within the statement that asked for it, or in a
   * trace of its own when it was not `asked` just now, but opened for a queue by whoever freed a place.
   */
  connect<R>(open: () => Promise<R>, asked: boolean): Promise<R>
}

/**
 * Makes the database spans of `docs/telemetry.md`: `SELECT todos` and `CONNECT {namespace}`.
 *
 * The parent is whatever is active when the service asks, never what is active when the driver gets around to it:
 * a query that waited for a connection is run by whoever gave the connection back.
 */
export function createDatabaseSpans(tracer: Tracer, target: DatabaseTarget): DatabaseSpans {
  const common: Attributes = {
    [ATTR_DB_SYSTEM_NAME]: DB_SYSTEM_NAME_VALUE_POSTGRESQL,
    [ATTR_DB_NAMESPACE]: target.namespace,
    [ATTR_SERVER_ADDRESS]: target.address,
    ...(target.port !== undefined && { [ATTR_SERVER_PORT]: target.port }),
  }

  function open(name: string, operation: string, more: Attributes = {}): OpenSpan {
    const parent = context.active()
    const clock = readRequestTrace(parent)?.clock ?? createTraceClock()
    const attributes = { ...common, [ATTR_DB_OPERATION_NAME]: operation, ...more }
    const span = tracer.startSpan(
      name,
      { kind: SpanKind.CLIENT, attributes, startTime: clock() },
      parent,
    )
    return { span, clock, active: trace.setSpan(parent, span) }
  }

  function openStatement(query: CompiledQuery): OpenSpan {
    const { operation, collection, text } = summarizeQuery(query)
    const opened = open(text, operation, {
      ...(collection !== undefined && { [ATTR_DB_COLLECTION_NAME]: collection }),
      [ATTR_DB_QUERY_SUMMARY]: text,
      [ATTR_DB_QUERY_TEXT]: query.sql,
    })
    const { span, clock, active } = opened
    const acquired = () => span.addEvent('db.connection.acquired', clock())
    return { span, clock, active: active.setValue(acquiredKey, acquired) }
  }

  return {
    statement(query, run) {
      return around(openStatement(query), run, (span, { rows }) => {
        span.setAttribute(ATTR_DB_RESPONSE_RETURNED_ROWS, rows.length)
      })
    },
    async *stream(query, run) {
      const { span, clock, active } = openStatement(query)
      // Every step is taken in the statement's context, whoever asks for it.
      const chunks = context.with(active, run)
      let rows = 0
      try {
        for (;;) {
          const step = await context.with(active, () => chunks.next())
          if (step.done === true) break
          rows += step.value.rows.length
          yield step.value
        }
      } catch (error) {
        fail(span, error)
        throw error
      } finally {
        // Of one that a reader left early, this gives the connection back.
        await context
          .with(active, async () => chunks.return?.())
          .finally(() => {
            span.setAttribute(ATTR_DB_RESPONSE_RETURNED_ROWS, rows)
            span.end(clock())
          })
      }
    },
    control(operation, run) {
      return around(open(operation, operation, { [ATTR_DB_QUERY_SUMMARY]: operation }), run)
    },
    waitForConnection() {
      const acquired = context.active().getValue(acquiredKey)
      return typeof acquired === 'function' ? () => acquired() : () => {}
    },
    connect(connect, asked) {
      const run = () => around(open(`CONNECT ${target.namespace}`, 'CONNECT'), connect)
      return asked ? run() : context.with(ROOT_CONTEXT, run)
    },
  }
}

/** What to call, on a statement's context, when it has its connection. */
const acquiredKey = createContextKey('hono statement acquired')

type OpenSpan = {
  readonly span: Span
  readonly clock: TraceClock
  /** The context of what happens within. */
  readonly active: TraceContext
}

async function around<R>(
  { span, clock, active }: OpenSpan,
  run: () => Promise<R>,
  onResult?: (span: Span, result: R) => void,
): Promise<R> {
  try {
    const result = await context.with(active, run)
    onResult?.(span, result)
    return result
  } catch (error) {
    fail(span, error)
    throw error
  } finally {
    span.end(clock())
  }
}

/** An error of a driver's or a socket's own has its code for a type, and words that say no more. */
function fail(span: Span, error: unknown): void {
  const sent = readDatabaseError(error)
  if (sent !== undefined) span.setAttribute(ATTR_DB_RESPONSE_STATUS_CODE, sent.sqlState)
  span.setAttribute(ATTR_ERROR_TYPE, readErrorCode(error) ?? readErrorType(error))
  span.setStatus({
    code: SpanStatusCode.ERROR,
    ...(sent !== undefined && { message: sent.description }),
  })
}
