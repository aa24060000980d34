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
} from '@opentelemetry/semantic-conventions'
import { ATTR_DB_RESPONSE_RETURNED_ROWS } from '@opentelemetry/semantic-conventions/incubating'
import { readErrorType } from '../logs/fail-span.ts'
import { LinkedContext, spanKey } from '../request/linked-context.ts'
import { readRequestTrace } from '../request/request-trace.ts'
import { createTraceClock, type TraceClock } from '../request/trace-clock.ts'
import { readDatabaseError, readErrorCode, readSqliteCode } from './database-error.ts'
import { summarizeQuery } from './query-summary.ts'

/** Where the database is, as its spans say it. */
export type DatabaseTarget = {
  /** Defaults to `postgresql`. */
  readonly system?: 'postgresql' | 'sqlite'
  /** The database's name. */
  readonly namespace: string
  /** A host, or a Unix socket. A database within the process has none. */
  readonly address?: string
  /** A Unix socket has none. */
  readonly port?: number
}

/** What is asked of a database: SQL with placeholders. */
export type Statement = { readonly sql: string }

type Rows = { readonly rows: { readonly length: number } }

/** Spans of what a service asks of its database. */
export type DatabaseSpans = {
  /** One CLIENT span around one statement, from the moment it is asked for. */
  statement<R extends Rows>(query: Statement, run: () => Promise<R>): Promise<R>
  /** The same around a statement whose rows come in chunks: it ends with the last, or when no more are wanted. */
  stream<R extends Rows>(
    query: Statement,
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
    [ATTR_DB_SYSTEM_NAME]: target.system ?? 'postgresql',
    [ATTR_DB_NAMESPACE]: target.namespace,
    ...(target.address !== undefined && { [ATTR_SERVER_ADDRESS]: target.address }),
    ...(target.port !== undefined && { [ATTR_SERVER_PORT]: target.port }),
  }

  function open({ name, attributes }: Described): StatementContext {
    const parent = context.active()
    const clock = readRequestTrace(parent)?.clock ?? createTraceClock()
    const span = tracer.startSpan(
      name,
      { kind: SpanKind.CLIENT, attributes, startTime: clock() },
      parent,
    )
    return new StatementContext(parent, span, clock)
  }

  function describeControl(operation: string, more: Attributes): Attributes {
    return Object.freeze({ ...common, [ATTR_DB_OPERATION_NAME]: operation, ...more })
  }

  const readStatement = createStatementReader(common)
  const connecting: Described = {
    name: `CONNECT ${target.namespace}`,
    attributes: describeControl('CONNECT', {}),
  }

  return {
    statement(query, run) {
      return around(open(readStatement(query)), run, countRows)
    },
    async *stream(query, run) {
      const active = open(readStatement(query))
      const { span, clock } = active
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
      const attributes = describeControl(operation, { [ATTR_DB_QUERY_SUMMARY]: operation })
      return around(open({ name: operation, attributes }), async () => run())
    },
    waitForConnection() {
      const statement = context.active().getValue(statementKey)
      return statement instanceof StatementContext ? () => statement.acquired() : () => {}
    },
    connect(connect, asked) {
      const run = () => around(open(connecting), async () => connect())
      return asked ? run() : context.with(ROOT_CONTEXT, run)
    },
  }
}

/** What is the same of all spans of one statement. */
type Described = { readonly name: string; readonly attributes: Attributes }

/** A service has few statements, and compiles each anew whenever it asks it. */
const statementsMax = 1000
const sqlCharactersMax = 16_384

/** Describes a statement, once as long as it is the same text. */
function createStatementReader(common: Attributes): (statement: Statement) => Described {
  const statements = new Map<string, Described>()
  return ({ sql }) => {
    const known = statements.get(sql)
    if (known !== undefined) return known
    const { operation, collection, text } = summarizeQuery(sql)
    const described = {
      name: text,
      attributes: Object.freeze({
        ...common,
        [ATTR_DB_OPERATION_NAME]: operation,
        ...(collection !== undefined && { [ATTR_DB_COLLECTION_NAME]: collection }),
        [ATTR_DB_QUERY_SUMMARY]: text,
        [ATTR_DB_QUERY_TEXT]: sql,
      }),
    }
    if (statements.size < statementsMax && sql.length <= sqlCharactersMax)
      statements.set(sql, described)
    return described
  }
}

const statementKey = createContextKey('hono statement')

/** The context of what happens within a statement. */
class StatementContext extends LinkedContext {
  readonly span: Span
  readonly clock: TraceClock

  constructor(parent: TraceContext, span: Span, clock: TraceClock) {
    super(parent, spanKey, span)
    this.span = span
    this.clock = clock
  }

  override getValue(key: symbol): unknown {
    return key === statementKey ? this : super.getValue(key)
  }

  /** To be called when the statement has its connection. */
  acquired(): void {
    this.span.addEvent('db.connection.acquired', this.clock())
  }
}

function countRows(span: Span, { rows }: Rows): void {
  span.setAttribute(ATTR_DB_RESPONSE_RETURNED_ROWS, rows.length)
}

function around<R>(
  active: StatementContext,
  run: () => Promise<R>,
  onResult?: (span: Span, result: R) => void,
): Promise<R> {
  const { span, clock } = active
  return context.with(active, run).then(
    (result) => {
      onResult?.(span, result)
      span.end(clock())
      return result
    },
    (error: unknown) => {
      fail(span, error)
      span.end(clock())
      throw error
    },
  )
}

/** An error of a driver's or a socket's own has its code for a type, and words that say no more. */
function fail(span: Span, error: unknown): void {
  const sent = readDatabaseError(error)
  const status = sent?.sqlState ?? readSqliteCode(error)
  if (status !== undefined) span.setAttribute(ATTR_DB_RESPONSE_STATUS_CODE, status)
  span.setAttribute(ATTR_ERROR_TYPE, readErrorCode(error) ?? readErrorType(error))
  span.setStatus({
    code: SpanStatusCode.ERROR,
    ...(sent !== undefined && { message: sent.description }),
  })
}
