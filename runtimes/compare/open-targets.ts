import { join, resolve } from 'node:path'
import type { RuntimeFacts } from '../../observability/comparison/report/build-report.ts'
import { findFreePort } from '../../observability/plumbing/find-free-port.ts'
import type { Application } from '../application/define-application.ts'
import type { Served } from '../application/served.ts'
import { readinessOf, tryReady } from '../launch/try-ready.ts'
import { claimEnvironment, describeVariables } from '../processes/claim-environment.ts'
import { StartError } from '../processes/start-error.ts'
import type { Runtime } from '../runtime.ts'
import { findRunning, makeDataFolder, toDataFolder } from '../start/data-folder.ts'
import type { Running } from '../start/running.ts'
import { type Stack, startStack } from '../start/stack.ts'
import type { CompareArguments } from './compare-arguments.ts'
import { describeLocal } from './describe-local.ts'

/** Everything that is compared, answering. */
export type OpenTargets = {
  /** Local ones first. */
  readonly runtimes: readonly RuntimeFacts[]
  /** Where the driver's spans go; `null` when there is no collector. */
  readonly collectorUrl: string | null
  /** How long what is compared may take to send its spans, in milliseconds. */
  readonly settleMillis: number
  /** What to tell the person, a line each. */
  readonly notes: readonly string[]
  /** What has ended of itself, how, and the last that it said; `null` while everything runs. */
  findEnded(): string | null
  stop(): Promise<void>
}

/** Where `npm start` puts its collector. */
const runningCollectorUrl = 'http://127.0.0.1:4318'

/**
 * Launched runtimes are told to send at once; others may wait a second, or as long as they like, and so
 * may a collector that is not ours.
 */
const settleMillis = { launched: 700, running: 2500 } as const

/**
 * Finds what runs, or launches it: on free ports and with data of its own, so that a running
 * `npm start` is not disturbed.
 *
 * @throws StartError when something that was asked for does not run, or cannot be launched.
 */
export async function openTargets(given: CompareArguments, served: Served): Promise<OpenTargets> {
  const targets = given.targets.map(({ name, url }) => ({
    name,
    kind: 'target' as const,
    url,
    readyMillis: null,
  }))
  if (given.runtimes.length === 0) {
    return {
      runtimes: targets,
      collectorUrl:
        given.collector ?? (given.traces?.kind === 'collector' ? given.traces.url : null),
      settleMillis: settleMillis.running,
      notes: [],
      findEnded: () => null,
      stop: async () => {},
    }
  }
  const claimed = claimEnvironment(process.env, process.env.DATABASE_URL ? 'other' : 'embedded')
  const running = await readOwnRunning(given)
  const missing =
    given.running === 'never' ? 'not asked' : await findMissing(given, running, served.application)
  if (given.running === 'always' && missing !== null) {
    throw new StartError(`${missing} does not answer; \`npm start\` runs it, --launch does without`)
  }
  if (missing === null) {
    const own = given.runtimes.map((runtime) => ({
      name: runtime.name,
      kind: 'running' as const,
      url: runningUrl(runtime, running) ?? '',
      readyMillis: null,
      ...describeLocal(runtime, served.bundle !== undefined),
    }))
    return {
      runtimes: [...own, ...targets],
      collectorUrl: given.collector ?? running?.collectorUrl ?? runningCollectorUrl,
      settleMillis: settleMillis.running,
      notes: ['using what `npm start` runs; --launch starts anew'],
      findEnded: () => null,
      stop: async () => {},
    }
  }
  return launch(given, served, targets, claimed)
}

async function launch(
  given: CompareArguments,
  served: Served,
  targets: OpenTargets['runtimes'],
  claimed: readonly string[],
): Promise<OpenTargets> {
  const notes = [...describeVariables(claimed)]
  const readyMillis = new Map<string, number>()
  const lastLines = new Map<string, string>()
  let ended: string | null = null
  const stack = await startOwnStack(given, served, {
    onLine: (part, line) => lastLines.set(part, line),
    onReady: (part, millis) => readyMillis.set(part, millis),
    onMissing(part, reason) {
      // Whoever named it must not take a comparison without it for one with it.
      if (given.areRuntimesNamed || given.reference === part) {
        throw new StartError(`${part} cannot be compared here: ${reason}`)
      }
      notes.push(`${part} is left out: ${reason}`)
    },
  })
  void stack.failed.then(({ part, reason }) => {
    const last = lastLines.get(part)
    ended = `${part} ended (${reason})${last === undefined ? '' : `; the last it said: ${last}`}`
  })
  const launched = stack.services.map(({ runtime, url }) => ({
    name: runtime.name,
    kind: 'launched' as const,
    url,
    readyMillis: readyMillis.get(runtime.name) ?? null,
    ...describeLocal(runtime, served.bundle !== undefined),
  }))
  return {
    runtimes: [...launched, ...targets],
    collectorUrl: stack.collectorUrl,
    settleMillis:
      targets.length > 0 || findCollector(given) !== null
        ? settleMillis.running
        : settleMillis.launched,
    notes,
    findEnded: () => ended,
    stop: () => stack.stop(),
  }
}

async function startOwnStack(
  given: CompareArguments,
  served: Served,
  on: Pick<Parameters<typeof startStack>[0], 'onLine' | 'onReady' | 'onMissing'>,
): Promise<Stack> {
  const { runtimes } = given
  const collector = findCollector(given)
  const ports = new Map<string, number>()
  for (const { name } of runtimes) ports.set(name, await findFreePort())
  const database = process.env.DATABASE_URL
  const data = given.data ?? toDataFolder(undefined)
  await makeDataFolder(data)
  return startStack({
    served,
    runtimes,
    ports,
    database: database
      ? { kind: 'other', url: database }
      : { kind: 'embedded', folder: join(data, 'compare'), port: await findFreePort() },
    collector:
      collector === null
        ? { kind: 'embedded', port: await findFreePort(), args: ['--no-keep'] }
        : { kind: 'other', url: collector },
    variables: { OTEL_BSP_SCHEDULE_DELAY: '100', OTEL_BLRP_SCHEDULE_DELAY: '100' },
    ...on,
  }).catch((error) => {
    // Also said of the data of `npm start`, which is not what this is about.
    const isOther = error instanceof StartError && error.message.startsWith('another PostgreSQL')
    if (!isOther) throw error
    throw new StartError(
      'another `npm run compare` is under way, and two at once would measure each other; wait for its end, or give this one a database of its own with --launch --data FOLDER or DATABASE_URL',
      { cause: error },
    )
  })
}

/**
 * Where launched runtimes send: what was said, or the collector that is asked for the traces;
 * `null` for one of our own.
 *
 * @throws StartError when their traces would go where nobody looks for them.
 */
function findCollector({ collector, traces }: CompareArguments): string | null {
  if (collector !== null || traces === null) return collector
  if (traces.kind === 'collector') return traces.url
  throw new StartError(
    'launched runtimes would send to a collector of their own, of which that Tempo knows nothing; say with --collector URL where they should send',
  )
}

/**
 * What `npm start` has written down of the same app.
 *
 * @throws StartError when a folder is named, and another app runs there, or nothing that is to be used.
 */
async function readOwnRunning(given: CompareArguments): Promise<Running | null> {
  if (given.running === 'never') return null
  const running = await findRunning(given.data)
  const app = given.app.app === undefined ? null : resolve(given.app.app)
  if (running === null || running.app === app) return running
  if (given.data === null) return null
  throw new StartError(
    `--data: ${given.data} runs ${running.app ?? 'the app of this repository'}, not ${app ?? 'that'}; say so with --app, or launch anew with --launch`,
  )
}

/** Where `npm start` runs it: as written down, or else where it does by default. */
function runningUrl({ name, port }: Runtime, running: Running | null): string | undefined {
  if (running === null) return `http://127.0.0.1:${port}`
  return running.services.find((service) => service.name === name)?.url
}

/** The first that does not answer where `npm start` puts it; `null` when all do. */
async function findMissing(
  { app, runtimes }: CompareArguments,
  running: Running | null,
  { readyPath }: Application,
): Promise<string | null> {
  // What listens by default need not be this app.
  if (running === null && app.app !== undefined) return app.app
  const collectorUrl = running?.collectorUrl ?? runningCollectorUrl
  const wanted = [
    { name: 'the collector', url: collectorUrl, ready: `${collectorUrl}/api/status` },
    ...runtimes.map((runtime) => {
      const url = runningUrl(runtime, running)
      return {
        name: runtime.name,
        url,
        ready: url === undefined ? undefined : readinessOf(url, readyPath),
      }
    }),
  ]
  for (const { name, url, ready } of wanted) {
    const answer = ready === undefined ? '' : await tryReady(ready).catch(() => '')
    if (answer !== 'ready') return url === undefined ? name : `${name} at ${new URL(url).origin}`
  }
  return null
}
