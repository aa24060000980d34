import { context, createContextKey } from '@opentelemetry/api'
import type { Telemetry } from '../telemetry.ts'
import { createDatabaseSpans, type DatabaseSpans, type DatabaseTarget } from './database-spans.ts'

/** A `Pool` of the package pg, of whichever copy. */
export type TraceablePool = {
  connect(...args: never): unknown
  query(...args: never): unknown
  readonly options: object
}

/**
 * The same pool, whose statements have spans, whoever asks them: one for each statement from the moment it is asked for,
 * and one for each connection that is opened. To be called before the pool is used.
 *
 * @param target Defaults to where the pool leads.
 */
export function tracePool<P extends TraceablePool>(
  { tracer }: Pick<Telemetry, 'tracer'>,
  pool: P,
  target?: DatabaseTarget,
): P {
  if (tracer === undefined) return pool
  const Client: unknown = Reflect.get(pool, 'Client')
  if (typeof Client !== 'function') throw new Error('expected a Pool of pg, got one without Client')
  const spans = createDatabaseSpans(
    tracer,
    target ?? readTarget(Reflect.construct(Client, [pool.options])),
  )
  const waits: Waits = new WeakMap()
  Reflect.set(
    pool,
    'Client',
    new Proxy(Client, {
      construct(target, args, newTarget) {
        const client: object = Reflect.construct(target, args, newTarget)
        traceClient(client, spans, waits)
        return client
      },
    }),
  )
  wrap(pool, 'connect', markAsked)
  wrap(pool, 'query', (query) => (...args) => {
    const statement = readStatement(args)
    if (statement === undefined) return query(...args)
    const { config } = statement
    return ask(spans, statement, () => {
      waits.set(config, spans.waitForConnection())
      return query(config)
    })
  })
  return pool
}

type Call = (...args: readonly unknown[]) => unknown

/** Statements that the pool is asked for by their configuration, which its client is given too. */
type Waits = WeakMap<object, () => void>

function wrap(target: object, name: string, around: (original: Call) => Call): void {
  const member: unknown = Reflect.get(target, name)
  if (typeof member !== 'function') return
  const value = around((...args) => Reflect.apply(member, target, args))
  Object.defineProperty(target, name, { value, configurable: true, writable: true })
}

/** A client that is never connected knows what pg makes of URL, options and variables. */
function readTarget(client: object): DatabaseTarget {
  const read = (name: string) => String(Reflect.get(client, name))
  const [host, port] = [read('host'), read('port')]
  const namespace = read('database')
  return host.startsWith('/')
    ? { namespace, address: `${host}/.s.PGSQL.${port}` }
    : { namespace, address: host, port: Number(port) }
}

function traceClient(client: object, spans: DatabaseSpans, waits: Waits): void {
  wrap(client, 'connect', (connect) => (callback) => {
    const opened = spans.connect(async () => connect(), takeAsked())
    if (typeof callback !== 'function') return opened
    opened.then(
      () => callback(null, client),
      (error: unknown) => callback(error),
    )
    return undefined
  })
  wrap(client, 'query', (query) => (...args) => {
    const [first] = args
    const acquired = isObject(first) ? waits.get(first) : undefined
    if (acquired !== undefined) {
      acquired()
      return query(...args)
    }
    if (isObject(first) && 'submit' in first) return traceCursor(first, spans, () => query(...args))
    const statement = readStatement(args)
    return statement === undefined
      ? query(...args)
      : ask(spans, statement, () => query(statement.config))
  })
}

const askedKey = createContextKey('hono pool asked')

/**
 * Marks who asks the pool, on the way through its asynchronous work: the first connection that is opened there is the
 * caller's, any other is for a queue.
 */
function markAsked(connect: Call): Call {
  return (callback) => {
    const active = context.active()
    return context.with(active.setValue(askedKey, { isOpen: true }), () =>
      typeof callback === 'function' ? connect(context.bind(active, callback)) : connect(),
    )
  }
}

function takeAsked(): boolean {
  const asked = context.active().getValue(askedKey)
  if (!isObject(asked) || Reflect.get(asked, 'isOpen') !== true) return false
  Reflect.set(asked, 'isOpen', false)
  return true
}

type AskedStatement = {
  readonly sql: string
  /** As pg takes it, with the values. */
  readonly config: object
  readonly callback: unknown
}

/** What pg's `query` is given: text or a configuration, perhaps values, perhaps a callback. Else nothing. */
function readStatement([first, ...rest]: readonly unknown[]): AskedStatement | undefined {
  const given: unknown = typeof first === 'string' ? { text: first } : first
  const sql: unknown = isObject(given) ? Reflect.get(given, 'text') : undefined
  if (!isObject(given) || typeof sql !== 'string' || 'submit' in given) return undefined
  // One of its own for each time, which leaves what was given as it is.
  const config: object = Object.create(given)
  const [values] = rest
  if (Array.isArray(values)) Reflect.set(config, 'values', values)
  return { sql, config, callback: rest.find((one) => typeof one === 'function') }
}

/** Words around a transaction, of which there is no more to say. */
const control = /^\s*(BEGIN|START|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE)\b/i

/** Asks a statement, with a span, and answers as pg does: by a promise, or by the callback. */
function ask(
  spans: DatabaseSpans,
  { sql, callback }: AskedStatement,
  run: () => unknown,
): Promise<unknown> | undefined {
  const operation = control.exec(sql)?.[1]?.toUpperCase()
  const answered =
    operation === undefined
      ? spans
          .statement({ sql }, async () => {
            const result = await run()
            return { result, rows: { length: countRows(result) } }
          })
          .then(({ result }) => result)
      : spans.control(operation, async () => run())
  if (typeof callback !== 'function') return answered
  const call = context.bind(context.active(), callback)
  answered.then(
    (result) => call(null, result),
    (error: unknown) => call(error),
  )
  return undefined
}

/** Of several statements in one, pg gives several results. */
function countRows(result: unknown): number {
  if (Array.isArray(result)) return result.reduce((sum, one) => sum + countRows(one), 0)
  const rows: unknown = isObject(result) ? Reflect.get(result, 'rows') : undefined
  return Array.isArray(rows) ? rows.length : 0
}

/** A cursor, or anything else that takes what the server sends by itself: its span ends when the connection is free. */
function traceCursor(cursor: object, spans: DatabaseSpans, submit: () => unknown): unknown {
  const rows = { length: 0 }
  const text: unknown = Reflect.get(cursor, 'text')
  const sql = typeof text === 'string' ? text : ''
  let answer: unknown
  const ended = new Promise<{ readonly rows: typeof rows }>((resolve, reject) => {
    const hear = (name: string, listen: (message: unknown) => void) =>
      wrap(cursor, name, (handle) => (...args) => {
        listen(args[0])
        return handle(...args)
      })
    hear('handleDataRow', () => {
      rows.length += 1
    })
    hear('handleReadyForQuery', () => resolve({ rows }))
    hear('handleError', reject)
  })
  spans
    .statement({ sql }, () => {
      answer = submit()
      return ended
    })
    .catch(() => {}) // whoever reads the cursor is told
  return answer
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
