import { join } from 'node:path'
import { describeError } from '../../observability/plumbing/describe-error.ts'
import { buildViewer } from '../../observability/viewer/build.ts'
import { describeAppError } from '../application/describe-app-error.ts'
import type { Served } from '../application/served.ts'
import { type Launched, launchRuntime } from '../launch/launch-runtime.ts'
import { launcherOf } from '../launch/launchers.ts'
import { readAbsence } from '../launch/read-absence.ts'
import { startReadyChild } from '../launch/start-ready-child.ts'
import type { Child } from '../processes/child.ts'
import { describePort } from '../processes/describe-port.ts'
import { projectFolder } from '../processes/project-folder.ts'
import { StartError } from '../processes/start-error.ts'
import type { Runtime } from '../runtime.ts'
import { migrateDatabase, readPendingMigrations } from '../service/database/migrate.ts'
import {
  EnvironmentError,
  parseDatabaseUrl,
  parseEnvironment,
  pickServiceVariables,
} from '../service/environment.ts'
import { renderPageFlags } from './page-flags.ts'
import { type Postgres, startPostgres } from './postgres.ts'

/** What to start, on which ports, with which database and collector. */
export type StackOptions = {
  readonly served: Served
  readonly runtimes: readonly Runtime[]
  /** Ports by runtime name, where they differ from the defaults. */
  readonly ports: ReadonlyMap<string, number>
  readonly database:
    | { readonly kind: 'embedded'; readonly folder: string; readonly port: number }
    | { readonly kind: 'other'; readonly url: string }
  readonly collector:
    | { readonly kind: 'embedded'; readonly port: number; readonly args: readonly string[] }
    | { readonly kind: 'other'; readonly url: string }
  /** Variables for every runtime; see `environment.ts`. */
  readonly variables?: Readonly<Record<string, string>>
  /** Calls the start off: it rejects with the signal's reason, once what was started has ended. */
  readonly signal?: AbortSignal
  /** Takes each line that a part writes. */
  readonly onLine: (part: string, line: string) => void
  /** Told when a runtime is left out because this platform has no program of it, and that reason. */
  readonly onMissing: (part: string, reason: string) => void
  /** Told when a part answers, and how long that took. */
  readonly onReady: (part: string, millis: number) => void
}

/** All that `npm start` runs, running. */
export type Stack = {
  readonly collectorUrl: string
  readonly services: readonly Launched[]
  /** Resolves with part and reason when a part ends without having been stopped. */
  readonly failed: Promise<{ readonly part: string; readonly reason: string }>
  /** Ends the runtimes and launches them anew, with what `--app` was bundled to meanwhile. */
  relaunch(served: Served): Promise<void>
  /** Ends the runtimes, then the collector, which takes their last words, then the database. */
  stop(): Promise<void>
}

/** Whether an embedded PostgreSQL is started. */
export function needsPostgres({
  served,
  database,
}: Pick<StackOptions, 'served' | 'database'>): boolean {
  return served.application.database !== undefined && database.kind === 'embedded'
}

/** Parts in the order of who needs whom: each may use those before it, and is ended before them. */
type Tier = 'database' | 'collector' | 'service'

type Part = { readonly name: string; readonly tier: Tier; readonly child: Child }

/**
 * Starts database, collector and runtimes, as much at once as can be, and resolves when all of them answer. When one
 * does not, the others are ended.
 *
 * @throws StartError with the reason in a sentence.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  await assertPortsFree(options)
  const variables = readVariables(options)
  const parts: Part[] = []
  const failed = Promise.withResolvers<Awaited<Stack['failed']>>()
  let isStopping = false

  async function add<C extends Child>(
    name: string,
    tier: Tier,
    start: () => Promise<C>,
  ): Promise<C> {
    const since = performance.now()
    const child = await start()
    const part = { name, tier, child }
    parts.push(part)
    void child.ended.then((reason) => {
      if (parts.includes(part)) failed.resolve({ part: name, reason })
    })
    if (isStopping) await child.stop()
    options.onReady(name, performance.now() - since)
    return child
  }

  try {
    const collectorUrl = readCollectorUrl(options)
    const [databaseUrl, , present] = await allOrNone(options.signal, [
      startDatabase(options, add),
      startCollector(options, add),
      prepareRuntimes(options),
      preparePage(options),
    ])
    const launch = (served: Served) =>
      launchServices({ ...options, served }, present, { databaseUrl, variables }, add)
    const services = await launch(options.served)
    return {
      collectorUrl,
      services,
      failed: failed.promise,
      async relaunch(served) {
        const old = parts.filter(({ tier }) => tier === 'service')
        for (const part of old) parts.splice(parts.indexOf(part), 1)
        await Promise.all(old.map(({ child }) => child.stop()))
        if (databaseUrl !== undefined && options.database.kind === 'embedded')
          await migrate(databaseUrl, served.application.database)
        await Promise.all(present.map((runtime) => launcherOf(runtime).prepare(served.bundle)))
        await launch(served)
      },
      stop() {
        isStopping = true
        return stopParts(parts)
      },
    }
  } catch (error) {
    await stopParts(parts)
    throw error
  }
}

function launchServices(
  options: StackOptions,
  present: readonly Runtime[],
  given: {
    readonly databaseUrl: string | undefined
    readonly variables: Readonly<Record<string, string>>
  },
  add: Add,
): Promise<readonly Launched[]> {
  const { served, ports, signal, onLine } = options
  return allOrNone(
    signal,
    present.map((runtime) =>
      add(runtime.name, 'service', () =>
        launchRuntime(
          runtime,
          {
            port: ports.get(runtime.name) ?? runtime.port,
            databaseUrl: given.databaseUrl,
            bundle: served.bundle,
            readyPath: served.application.readyPath,
            variables: {
              ...given.variables,
              OTEL_EXPORTER_OTLP_ENDPOINT: readCollectorUrl(options),
            },
          },
          (line) => onLine(runtime.name, line),
          signal,
        ),
      ),
    ),
  )
}

type Add = <C extends Child>(name: string, tier: Tier, start: () => Promise<C>) => Promise<C>

/** Gives the URL of a database that is up to date, for an application that has one. */
async function startDatabase(
  { database, onLine, served }: StackOptions,
  add: Add,
): Promise<string | undefined> {
  const own = served.application.database
  if (own === undefined) return undefined
  if (database.kind === 'other') {
    const pending = await readPendingMigrations(database.url, own).catch((error) => {
      throw new StartError(
        `the database that DATABASE_URL names does not answer: ${describeError(error)}`,
      )
    })
    if (pending.length === 0) return database.url
    throw new StartError(
      `the database that DATABASE_URL names lacks ${pending.join(', ')}; bring it up to date with \`npm run db:migrate\``,
    )
  }
  const { url } = await add<Postgres>('postgres', 'database', () =>
    startPostgres({ ...database, database: own.name, onLine: (line) => onLine('postgres', line) }),
  )
  await migrate(url, own)
  return url
}

async function migrate(url: string, own: Parameters<typeof migrateDatabase>[1]): Promise<void> {
  await migrateDatabase(url, own).catch((cause) => {
    throw new StartError(`a migration failed: ${describeAppError(cause)}`, { cause })
  })
}

async function startCollector(options: StackOptions, add: Add): Promise<void> {
  const { collector, onLine, signal } = options
  if (collector.kind === 'other') return
  const program = {
    program: process.execPath,
    args: [
      join(projectFolder, 'observability', 'collector', 'main.ts'),
      '--port',
      String(collector.port),
      ...collector.args,
      ...renderPageFlags(options),
    ],
    onLine: (line: string) => onLine('collector', line),
  }
  const readyUrl = `${readCollectorUrl({ collector })}/ready`
  await add('collector', 'collector', () => startReadyChild('collector', program, readyUrl, signal))
}

/** Builds the page in parallel; the running collector serves it as soon as it exists. */
async function preparePage({ collector, onLine }: StackOptions): Promise<void> {
  if (collector.kind === 'other') return
  // A service without a page is better than no service.
  await buildViewer().catch((error) =>
    onLine('collector', `the page could not be built: ${describeError(error)}`),
  )
}

/** Leaves out what npm had no program for, and says so; in CI that would be a test that did not run. */
async function prepareRuntimes({
  runtimes,
  onMissing,
  served,
}: StackOptions): Promise<readonly Runtime[]> {
  const present = await allOrNone(
    undefined,
    runtimes.map(async (runtime) => {
      const reason = readAbsence(runtime)
      if (reason !== undefined) {
        onMissing(runtime.name, reason)
        return []
      }
      await launcherOf(runtime).prepare(served.bundle)
      return [runtime]
    }),
  )
  if (present.flat().length > 0) return present.flat()
  throw new StartError('none of the runtimes can be run on this platform')
}

function readCollectorUrl({ collector }: Pick<StackOptions, 'collector'>): string {
  return collector.kind === 'other' ? collector.url : `http://127.0.0.1:${collector.port}`
}

/** The variables of every runtime, checked once before anything starts. No `OTEL_*` value stops a start. */
function readVariables(options: StackOptions): Readonly<Record<string, string>> {
  const variables = { ...pickServiceVariables(process.env), ...options.variables }
  try {
    const { name, database } = options.served.application
    parseEnvironment(variables, { port: 0, application: { name } })
    if (database !== undefined && options.database.kind === 'other')
      parseDatabaseUrl({ DATABASE_URL: options.database.url })
    return variables
  } catch (error) {
    if (error instanceof EnvironmentError) throw new StartError(error.message)
    throw error
  }
}

async function assertPortsFree(options: StackOptions): Promise<void> {
  const { database, collector } = options
  const wanted = [
    ...(needsPostgres(options) && database.kind === 'embedded'
      ? [{ port: database.port, part: 'PostgreSQL', option: '--postgres-port' }]
      : []),
    ...(collector.kind === 'embedded'
      ? [{ port: collector.port, part: 'the collector', option: '--collector-port' }]
      : []),
    ...options.runtimes.map(({ name, title, port }) => ({
      port: options.ports.get(name) ?? port,
      part: title,
      option: `--port ${name}=…`,
    })),
  ]
  const conflicts = await Promise.all(
    wanted.map(async ({ port, part, option }, index) => {
      const other = wanted.slice(0, index).find((earlier) => earlier.port === port)
      return other === undefined
        ? describePort(port, part, option)
        : `port ${port} is wanted by ${other.part} and by ${part}; give one of them another with ${option}`
    }),
  )
  const sentences = conflicts.filter((sentence) => sentence !== undefined)
  if (sentences.length > 0) throw new StartError(sentences.join('\n'))
}

/**
 * Waits for all, so that what one failure leaves behind can be ended, and then tells the first failure. Called off, it
 * waits no longer.
 */
async function allOrNone<const T extends readonly Promise<unknown>[]>(
  signal: AbortSignal | undefined,
  promises: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const settled = Promise.allSettled(promises)
  await (signal === undefined ? settled : Promise.race([settled, rejectWhenAborted(signal)]))
  return Promise.all(promises)
}

function rejectWhenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

async function stopParts(parts: readonly Part[]): Promise<void> {
  for (const tier of ['service', 'collector', 'database'])
    await Promise.all(parts.filter((part) => part.tier === tier).map(({ child }) => child.stop()))
}
