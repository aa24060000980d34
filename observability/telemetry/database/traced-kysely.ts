import {
  type AbortableOperationOptions,
  type AbortableQueryOptions,
  type CompiledQuery,
  type ConnectionProvider,
  type DatabaseConnection,
  DefaultQueryExecutor,
  type DialectAdapter,
  type Driver,
  Kysely,
  type KyselyConfig,
  type KyselyPlugin,
  type QueryCompiler,
  type QueryResult,
} from 'kysely'
import type { Telemetry } from '../telemetry.ts'
import { createDatabaseSpans, type DatabaseSpans, type DatabaseTarget } from './database-spans.ts'

/** A Kysely of that configuration, each of whose statements has a span, from the moment it is asked for. */
export function traceKysely<DB>(
  { tracer }: Pick<Telemetry, 'tracer'>,
  target: DatabaseTarget,
  config: KyselyConfig,
): Kysely<DB> {
  return tracer === undefined
    ? new Kysely<DB>(config)
    : createTracedKysely<DB>(config, createDatabaseSpans(tracer, target))
}

/**
 * A Kysely whose every statement has a span, on any runtime and with any driver.
 *
 * The executor is the one place that sees a statement before there is a connection for it, which is what makes
 * waiting visible, and which names the statement even when no connection is to be had. Tried and dropped: a plugin
 * (`transformResult` does not run on failure), the `log` hook (it does not see the wait), a wrapped driver (it is
 * asked for a connection before it learns for what).
 */
export function createTracedKysely<DB>(config: KyselyConfig, spans: DatabaseSpans): Kysely<DB> {
  const { dialect, plugins = [] } = config
  const driver = dialect.createDriver()
  const compiler = dialect.createQueryCompiler()
  const adapter = dialect.createAdapter()
  // The inner Kysely manages the driver: it begins it once, watches for abort signals and ends it. Our executor asks it
  // for connections, so that the wait can be seen.
  const inner = new Kysely<DB>({
    ...config,
    dialect: {
      createDriver: () => driver,
      createQueryCompiler: () => compiler,
      createAdapter: () => adapter,
      createIntrospector: (db) => dialect.createIntrospector(db),
    },
  })
  const connections = inner.getExecutor()
  return new Kysely<DB>({
    config,
    dialect,
    driver: traceDriver(driver, spans, () => inner.destroy()),
    executor: new TracingExecutor({ spans, compiler, adapter, connections, plugins }),
  })
}

/** What a driver says to the database by itself, by the first word of it. */
const controls: Readonly<Record<string | symbol, string>> = {
  beginTransaction: 'BEGIN',
  commitTransaction: 'COMMIT',
  rollbackTransaction: 'ROLLBACK',
  savepoint: 'SAVEPOINT',
  rollbackToSavepoint: 'ROLLBACK',
  releaseSavepoint: 'RELEASE',
}

/** The same driver, whose words around a transaction have spans. A proxy, because many of a driver's methods are optional. */
function traceDriver(driver: Driver, spans: DatabaseSpans, destroy: () => Promise<void>): Driver {
  return new Proxy(driver, {
    get(target, key) {
      if (key === 'destroy') return destroy
      const member: unknown = Reflect.get(target, key, target)
      if (typeof member !== 'function') return member
      const operation = controls[key]
      return (...args: readonly unknown[]) =>
        operation === undefined
          ? Reflect.apply(member, target, args)
          : spans.control(operation, () => Reflect.apply(member, target, args))
    },
  })
}

type Parts = {
  readonly spans: DatabaseSpans
  readonly compiler: QueryCompiler
  readonly adapter: DialectAdapter
  readonly connections: ConnectionProvider
  readonly plugins: readonly KyselyPlugin[]
}

class TracingExecutor extends DefaultQueryExecutor {
  readonly #parts: Parts

  constructor(parts: Parts) {
    super(parts.compiler, parts.adapter, parts.connections, [...parts.plugins])
    this.#parts = parts
  }

  override executeQuery<R>(
    query: CompiledQuery,
    options?: AbortableQueryOptions,
  ): Promise<QueryResult<R>> {
    return this.#parts.spans.statement(query, () => super.executeQuery<R>(query, options))
  }

  override stream<R>(
    query: CompiledQuery,
    chunkSize: number,
    options?: AbortableOperationOptions,
  ): AsyncIterableIterator<QueryResult<R>> {
    return this.#parts.spans.stream(query, () => super.stream<R>(query, chunkSize, options))
  }

  override provideConnection<T>(
    consumer: (connection: DatabaseConnection) => Promise<T>,
    options?: AbortableOperationOptions,
  ): Promise<T> {
    const acquired = this.#parts.spans.waitForConnection()
    return super.provideConnection((connection) => {
      acquired()
      return consumer(connection)
    }, options)
  }

  // Kysely makes a new executor for each plugin and each transaction: those must trace too.
  override withPlugins(plugins: readonly KyselyPlugin[]): TracingExecutor {
    return new TracingExecutor({ ...this.#parts, plugins: [...this.plugins, ...plugins] })
  }

  override withPlugin(plugin: KyselyPlugin): TracingExecutor {
    return new TracingExecutor({ ...this.#parts, plugins: [...this.plugins, plugin] })
  }

  override withPluginAtFront(plugin: KyselyPlugin): TracingExecutor {
    return new TracingExecutor({ ...this.#parts, plugins: [plugin, ...this.plugins] })
  }

  override withConnectionProvider(connections: ConnectionProvider): TracingExecutor {
    return new TracingExecutor({ ...this.#parts, connections })
  }

  override withoutPlugins(): TracingExecutor {
    return new TracingExecutor({ ...this.#parts, plugins: [] })
  }
}
