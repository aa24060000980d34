import { type Child, startChild } from '../processes/child.ts'
import { StartError } from '../processes/start-error.ts'
import { QuietClient } from '../service/database/quiet-client.ts'
import { within } from '../service/within.ts'
import {
  asOwner,
  type Cluster,
  clusterUser,
  describeSpawnError,
  findPostgresPrograms,
  prepareCluster,
} from './postgres-cluster.ts'

type PostgresOptions = {
  /** The folder that keeps the data; made when it is not there. */
  readonly folder: string
  /** On 127.0.0.1. */
  readonly port: number
  /** Takes each line that PostgreSQL writes. */
  readonly onLine: (line: string) => void
  readonly database?: string
}

/** A running server of our own, with its database. */
export type Postgres = Child & {
  /** With the password in it; not for logs. */
  readonly url: string
}

const startMillisMax = 60_000

/**
 * Starts the embedded PostgreSQL on 127.0.0.1 and resolves when it answers and the database is there.
 *
 * The data outlives it. After a crash, or a kill -9 of everything, PostgreSQL recovers by itself from its log.
 *
 * @throws StartError when it cannot be started, with what to do.
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const programs = await findPostgresPrograms()
  const cluster = await prepareCluster(programs, options.folder)
  const complaints: string[] = []
  const ready = Promise.withResolvers<void>()
  const child = await startChild({
    ...asOwner(cluster.owner, programs.postgres, serverArguments(cluster, options.port)),
    stopSignal: 'SIGINT', // a fast shutdown: clients are cut off, data is written
    lastSignal: 'SIGQUIT', // an emergency stop, from which the next start recovers
    onLine(line) {
      // Asked before, it would say so in the words of a fault; after a crash it has to recover first.
      if (line.includes('database system is ready to accept connections')) ready.resolve()
      if (/FATAL|PANIC/.test(line)) complaints.push(line)
      options.onLine(line)
    },
  }).catch((error) => {
    throw new StartError(describeSpawnError(programs.postgres, cluster.owner, error.cause))
  })

  const database = options.database ?? 'todo'
  const url = `postgres://${clusterUser}:${cluster.password}@127.0.0.1:${options.port}/${database}`
  try {
    const isReady = await within(
      startMillisMax,
      Promise.race([ready.promise.then(() => true), child.ended.then(() => false)]),
    )
    if (isReady === undefined)
      throw new StartError(`PostgreSQL was not ready after ${startMillisMax / 1000} s`)
    if (isReady.value) await createDatabase(url, database)
  } catch (error) {
    await child.stop()
    throw error
  }
  if (child.hasEnded())
    throw new StartError(describeEnd(await child.ended, complaints, options, cluster))
  return { ...child, url }
}

function serverArguments(cluster: Cluster, port: number): string[] {
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200, // ten for each service, and some for those who look at it
    log_min_messages: 'log', // what a client did wrong is for the client
  }
  return [
    '-D',
    cluster.folder,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]
}

function describeEnd(
  reason: string,
  complaints: readonly string[],
  options: PostgresOptions,
  cluster: Cluster,
): string {
  const all = complaints.join('\n')
  if (/could not create any TCP\/IP sockets/.test(all))
    return `port ${options.port} on 127.0.0.1 is in use, and PostgreSQL needs it; stop what uses it, or choose another with --postgres-port`
  if (/lock file ".*" already exists/.test(all))
    return `another PostgreSQL runs on ${cluster.folder} already; stop the \`npm start\` that it belongs to, or name another folder with --data`
  const last = complaints.at(-1)?.replace(/^.*?(FATAL|PANIC):\s*/, '')
  return `PostgreSQL ended at once (${reason})${last === undefined ? '' : `: ${last}`}`
}

/** Makes the database unless it is there. */
async function createDatabase(url: string, database: string): Promise<void> {
  const maintenance = new URL(url)
  maintenance.pathname = '/postgres'
  const client = new QuietClient({ connectionString: maintenance.href })
  await client.connect()
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [
      database,
    ])
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(database)}`)
  } finally {
    await client.end()
  }
}
