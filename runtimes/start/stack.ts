import { join } from 'node:path'
import { describeError } from '../../observability/plumbing/describe-error.ts'
import { buildViewer } from '../../observability/viewer/build.ts'
import { migrateDatabase, readPendingMigrations } from '../database/migrate.ts'
import { type Launched, launchRuntime } from '../launch-runtime.ts'
import { launcherOf } from '../launchers.ts'
import { assertPortFree } from '../processes/assert-port-free.ts'
import type { Child } from '../processes/child.ts'
import { projectFolder } from '../processes/project-folder.ts'
import { StartError } from '../processes/start-error.ts'
import { startReadyChild } from '../processes/start-ready-child.ts'
import { readAbsence } from '../read-absence.ts'
import type { Runtime } from '../runtime.ts'
import {
  EnvironmentError,
  parseDatabaseUrl,
  parseEnvironment,
  pickServiceVariables,
} from '../service/environment.ts'
import { renderPageFlags } from './page-flags.ts'
import { type Postgres, startPostgres } from './postgres.ts'

export type StackOptions = {
  readonly runtimes: readonly Runtime[]
  /** Where a runtime listens, by its name, unless it is where the list says. */
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
  /** Resolves when a part has ended that nobody stopped: which, and how. */
  readonly failed: Promise<{ readonly part: string; readonly reason: string }>
  /** Ends the runtimes, then the collector, which takes their last words, then the database. */
  stop(): Promise<void>
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

  async function add<C extends Child>(
    name: string,
    tier: Tier,
    start: () => Promise<C>,
  ): Promise<C> {
    const since = performance.now()
    const child = await start()
    parts.push({ name, tier, child })
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
    const services = await allOrNone(
      options.signal,
      present.map((runtime) =>
        add(runtime.name, 'service', () =>
          launchRuntime(
            runtime,
            {
              port: options.ports.get(runtime.name) ?? runtime.port,
              databaseUrl,
              variables: { ...variables, OTEL_EXPORTER_OTLP_ENDPOINT: collectorUrl },
            },
            (line) => options.onLine(runtime.name, line),
            options.signal,
          ),
        ),
      ),
    )
    return { collectorUrl, services, failed: firstEnd(parts), stop: () => stopParts(parts) }
  } catch (error) {
    await stopParts(parts)
    throw error
  }
}

type Add = <C extends Child>(name: string, tier: Tier, start: () => Promise<C>) => Promise<C>

/** Gives the URL of a database that is up to date. */
async function startDatabase({ database, onLine }: StackOptions, add: Add): Promise<string> {
  if (database.kind === 'other') {
    const pending = await readPendingMigrations(database.url).catch((error) => {
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
    startPostgres({ ...database, onLine: (line) => onLine('postgres', line) }),
  )
  await migrateDatabase(url)
  return url
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

/** The page is built beside everything else; the collector, which is up before, finds it when it is there. */
async function preparePage({ collector, onLine }: StackOptions): Promise<void> {
  if (collector.kind === 'other') return
  // A service without a page to watch it is better than none.
  await buildViewer().catch((error) =>
    onLine('collector', `the page could not be built: ${describeError(error)}`),
  )
}

/** Leaves out what npm had no program for, and says so; in CI that would be a test that did not run. */
async function prepareRuntimes({ runtimes, onMissing }: StackOptions): Promise<readonly Runtime[]> {
  const present = await allOrNone(
    undefined,
    runtimes.map(async (runtime) => {
      const reason = readAbsence(runtime)
      if (reason !== undefined) {
        onMissing(runtime.name, reason)
        return []
      }
      await launcherOf(runtime).prepare()
      return [runtime]
    }),
  )
  if (present.flat().length > 0) return present.flat()
  throw new StartError('none of the runtimes can be run on this platform')
}

function readCollectorUrl({ collector }: Pick<StackOptions, 'collector'>): string {
  return collector.kind === 'other' ? collector.url : `http://127.0.0.1:${collector.port}`
}

/** What every runtime is told, checked once and before anything is started. Of the `OTEL_*`, nothing stops a start. */
function readVariables(options: StackOptions): Readonly<Record<string, string>> {
  const variables = { ...pickServiceVariables(process.env), ...options.variables }
  try {
    parseEnvironment({ ...variables, DATABASE_URL: 'postgres://127.0.0.1/todo' }, { port: 0 })
    if (options.database.kind === 'other') parseDatabaseUrl({ DATABASE_URL: options.database.url })
    return variables
  } catch (error) {
    if (error instanceof EnvironmentError) throw new StartError(error.message)
    throw error
  }
}

async function assertPortsFree(options: StackOptions): Promise<void> {
  const { database, collector } = options
  const wanted = [
    ...(database.kind === 'embedded'
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
  for (const [index, { port, part, option }] of wanted.entries()) {
    const other = wanted.slice(0, index).find((earlier) => earlier.port === port)
    if (other !== undefined)
      throw new StartError(
        `port ${port} is wanted by ${other.part} and by ${part}; give one of them another with ${option}`,
      )
    await assertPortFree(port, part, option)
  }
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

function firstEnd(parts: readonly Part[]): Stack['failed'] {
  return Promise.race(
    parts.map(async ({ name, child }) => ({ part: name, reason: await child.ended })),
  )
}

async function stopParts(parts: readonly Part[]): Promise<void> {
  for (const tier of ['service', 'collector', 'database'])
    await Promise.all(parts.filter((part) => part.tier === tier).map(({ child }) => child.stop()))
}
