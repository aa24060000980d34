import {
  type AbortableOperationOptions,
  type AbortableQueryOptions,
  type CompiledQuery,
  type ConnectionProvider,
  type DatabaseConnection,
  DefaultConnectionProvider,
  DefaultQueryExecutor,
  type Dialect,
  type DialectAdapter,
  type Driver,
  Kysely,
  type KyselyPlugin,
  type QueryCompiler,
  type QueryResult,
} from 'kysely'
import type { DatabaseSpans } from './database-spans.ts'

/**
 * A Kysely whose every statement has a span, on any runtime and with any driver.
 *
 * The executor is the one place that sees a statement before there is a connection for it, which is what makes
 * waiting visible, and which names the statement even when no connection is to be had. Tried and dropped: a plugin
 * (`transformResult` does not run on failure), the `log` hook (it does not see the wait), a wrapped driver (it is
 * asked for a connection before it learns for what).
 */
export function createTracedKysely<DB>(dialect: Dialect, spans: DatabaseSpans): Kysely<DB> {
  const driver = dialect.createDriver()
  const parts: Parts = {
    spans,
    compiler: dialect.createQueryCompiler(),
    adapter: dialect.createAdapter(),
    connections: initialized(driver),
    plugins: [],
  }
  return new Kysely<DB>({
    config: { dialect },
    dialect,
    driver,
    executor: new TracingExecutor(parts),
  })
}

/** Kysely's own start-up of a driver is not exported; a driver must be told to begin before it is asked for anything. */
function initialized(driver: Driver): ConnectionProvider {
  const connections = new DefaultConnectionProvider(driver)
  const ready = driver.init()
  ready.catch(() => {}) // whoever asks for a connection is told below
  return {
    async provideConnection(consumer, options) {
      await ready
      return connections.provideConnection(consumer, options)
    },
  }
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
