import { join } from 'node:path'
import type { KnownDifference } from '../observability/comparison/known-differences.ts'
import { bundleLambda } from './lambda-bundle.ts'
import { findBun, findDeno } from './programs.ts'
import { projectFolder } from './project-folder.ts'
import { bundleWorker } from './worker-bundle.ts'
import { findWorkerd, workerdGraceMillis, writeWorkerdConfig } from './workerd.ts'

/** Where a runtime is to listen, and what it is to talk to. */
export type LaunchSettings = {
  /** On 127.0.0.1. */
  readonly port: number
  readonly databaseUrl: string
  /** The `OTEL_*` and other variables of `environment.ts`; the same for every runtime. */
  readonly variables: Readonly<Record<string, string>>
}

export type Command = {
  readonly program: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
}

/** One platform that serves the Todo API. */
export type Runtime = {
  /** Also its folder here, and `hono.runtime.name` in what it sends. */
  readonly name: string
  /** As a person calls it. */
  readonly title: string
  /** Where `npm start` puts it unless told otherwise. */
  readonly port: number
  /**
   * Makes what a launch needs, such as a bundle. May run while the database starts; called once or more.
   *
   * @throws MissingRuntimeError where npm had no program for this platform.
   */
  prepare(): Promise<void>
  /** How to launch it, as a process of its own that ends at SIGTERM. */
  createCommand(settings: LaunchSettings): Promise<Command>
  /** Milliseconds for which it may still be sending after an answer, and would be cut off by SIGTERM. */
  readonly graceMillis: number
  /** Whether the platform takes a request in whole before the service hears of it. */
  readonly buffersRequests: boolean
  /** What it is known to do differently from the reference, `runtimes[0]`; a stale entry fails the comparison. */
  readonly knownDifferences: readonly KnownDifference[]
}

/**
 * THE list: tests, `npm start`, `npm run compare` and dashboards read it, and nothing else names a runtime.
 * The first is the reference that the others are compared with.
 */
export const runtimes: readonly Runtime[] = [
  {
    name: 'node',
    title: 'Node.js',
    port: 8001,
    async prepare() {},
    async createCommand({ port, databaseUrl, variables }) {
      return {
        program: process.execPath,
        args: [mainOf('node')],
        env: { ...process.env, ...variables, PORT: String(port), DATABASE_URL: databaseUrl },
      }
    },
    graceMillis: 0,
    buffersRequests: false,
    knownDifferences: [],
  },
  {
    name: 'workers',
    title: 'Cloudflare Workers',
    port: 8002,
    async prepare() {
      findWorkerd()
      await bundleWorker()
    },
    async createCommand(settings) {
      return writeWorkerdConfig(settings)
    },
    graceMillis: workerdGraceMillis,
    buffersRequests: false,
    knownDifferences: [
      {
        runtime: 'workers',
        reason:
          'workerd ties a socket to the request that opened it, so each request opens its own; Hyperdrive pools',
        matches: { kind: 'span.extra', path: '* > CONNECT' },
      },
      {
        runtime: 'workers',
        reason: 'it runs at Cloudflare, and says so',
        matches: { kind: 'resource.attribute.extra', subject: 'cloud.*' },
      },
      {
        runtime: 'workers',
        reason: 'workerd does not tell its version',
        matches: { kind: 'resource.attribute.missing', subject: 'process.runtime.version' },
      },
      {
        runtime: 'workers',
        reason: "the SDK's build for browsers, which workerd gets, calls its language so",
        matches: { kind: 'resource.attribute.value', subject: 'telemetry.sdk.language' },
      },
    ],
  },
  {
    name: 'deno',
    title: 'Deno',
    port: 8003,
    async prepare() {
      findDeno()
    },
    async createCommand({ port, databaseUrl, variables }) {
      const permissions = ['--allow-net', '--allow-env', '--allow-read']
      return {
        program: findDeno(),
        args: ['run', '--no-prompt', '--cached-only', ...permissions, mainOf('deno')],
        env: {
          // OTEL_DENO may be on for Deno's metrics: its spans are made only to be discarded, but for the exporter's.
          OTEL_DENO_TRACING: 'false',
          ...process.env,
          ...variables,
          PORT: String(port),
          DATABASE_URL: databaseUrl,
        },
      }
    },
    graceMillis: 0,
    buffersRequests: false,
    knownDifferences: [],
  },
  {
    name: 'bun',
    title: 'Bun',
    port: 8004,
    async prepare() {
      findBun()
    },
    async createCommand({ port, databaseUrl, variables }) {
      return {
        program: findBun(),
        args: [mainOf('bun')],
        env: { ...process.env, ...variables, PORT: String(port), DATABASE_URL: databaseUrl },
      }
    },
    graceMillis: 0,
    buffersRequests: false,
    knownDifferences: [],
  },
  {
    name: 'lambda',
    title: 'AWS Lambda',
    port: 8005,
    prepare: bundleLambda,
    async createCommand({ port, databaseUrl, variables }) {
      return {
        program: process.execPath,
        args: [join(projectFolder, 'runtimes', 'lambda-host', 'serve.ts')],
        env: { ...process.env, ...variables, PORT: String(port), DATABASE_URL: databaseUrl },
      }
    },
    graceMillis: 0,
    buffersRequests: true,
    knownDifferences: [
      {
        runtime: 'lambda',
        reason: 'it runs at AWS, and says so',
        matches: { kind: 'resource.attribute.extra', subject: 'cloud.*' },
      },
      {
        runtime: 'lambda',
        reason: 'a function has a name and a version, which the platform tells',
        matches: { kind: 'resource.attribute.extra', subject: 'faas.*' },
      },
    ],
  },
]

function mainOf(name: string): string {
  return join(projectFolder, 'runtimes', name, 'main.ts')
}

/**
 * The runtimes of those names, in the order of the list.
 *
 * @throws RangeError that names the first unknown one and all known.
 */
export function findRuntimes(names: readonly string[]): readonly Runtime[] {
  const unknown = names.find((name) => runtimes.every((runtime) => runtime.name !== name))
  if (unknown !== undefined)
    throw new RangeError(
      `unknown runtime ${JSON.stringify(unknown)}; expected some of ${runtimes.map(({ name }) => name).join(', ')}`,
    )
  return runtimes.filter(({ name }) => names.includes(name))
}
