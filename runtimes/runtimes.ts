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
   * Finds the program that runs it.
   *
   * @throws MissingRuntimeError where npm had none for this platform.
   */
  findProgram(): string
  /** Makes what a launch needs besides, such as a bundle. May run while the database starts; called once or more. */
  prepare(): Promise<void>
  /** How to launch it, as a process of its own that ends at SIGTERM. */
  createCommand(settings: LaunchSettings): Promise<Command>
  /** Milliseconds for which it may still be sending after an answer, and would be cut off by SIGTERM. */
  readonly graceMillis: number
  /** Whether the platform takes a request in whole before the service hears of it. */
  readonly buffersRequests: boolean
  /** How the platform answers requests at the edge of HTTP by itself, by their name in `http-edge.ts`. */
  readonly httpEdge: Readonly<Record<string, string>>
  /** What it is known to do differently from the reference, `runtimes[0]`; a stale entry fails the comparison. */
  readonly knownDifferences: readonly KnownDifference[]
}

/** Node's parser of HTTP, and the path it hands over, in front of whatever it serves. */
const answersOfNode = {
  'a method nobody knows, FOO': '400 untraced',
  'a method in lower case': '400 untraced',
  CONNECT: 'nothing',
  'OPTIONS *': '400 untraced',
  'bytes that are not ASCII in the path': '400 untraced',
  'DEL in the path': '400 untraced',
  'a header of 20 kB': '431 untraced',
  'a query of 20 kB': '431 untraced',
  'an expectation other than 100-continue': '417 untraced',
} as const

/**
 * THE list: tests, `npm start` and `npm run compare` read it. The `Dockerfile` and `compose.yaml`
 * are held against it by tests. The first is the reference that the others are compared with.
 */
export const runtimes: readonly Runtime[] = [
  {
    name: 'node',
    title: 'Node.js',
    port: 8001,
    findProgram: () => process.execPath,
    async prepare() {},
    async createCommand(settings) {
      return { program: process.execPath, args: [mainOf('node')], env: environmentOf(settings) }
    },
    graceMillis: 0,
    buffersRequests: false,
    httpEdge: {
      ...answersOfNode,
      // @hono/node-server's own.
      'a Host with a space in it': '400 untraced',
      'a Host with port 99999': '400 untraced',
      'a backslash in the path': '400 untraced',
    },
    knownDifferences: [],
  },
  {
    name: 'workers',
    title: 'Cloudflare Workers',
    port: 8002,
    findProgram: findWorkerd,
    prepare: bundleWorker,
    createCommand: (settings) => writeWorkerdConfig(settings),
    graceMillis: workerdGraceMillis,
    buffersRequests: false,
    httpEdge: {
      'a method nobody knows, FOO': '501 untraced',
      'a method in lower case': '501 untraced',
      CONNECT: '500 untraced',
      'no Host in HTTP/1.0': '400 untraced',
      'an empty Host': '400 untraced',
      'no Host, and a path that begins with two slashes': '400 untraced',
      'dot segments': '404 problem',
      'encoded dot segments': '404 problem',
      'bytes that are not ASCII in the path': '400 untraced',
      'a backtick in the path': '400 untraced',
      'a path without its slash': '200',
      'DEL in the path': '400 untraced',
      'a length of the body, and chunks': '400 problem',
      'lines that end without CR': '200',
      'HTTP/2.0 in words': '400 untraced',
    },
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
      {
        runtime: 'workers',
        reason: 'a local workerd does not tell which version of HTTP a request came by',
        matches: { kind: 'attribute.missing', subject: 'network.protocol.version' },
      },
      {
        runtime: 'workers',
        reason: "deployed, the connection to the isolate is Cloudflare's own, and not told",
        matches: { kind: 'attribute.missing', subject: 'network.peer.*' },
        mayBeAbsent: true, // a local workerd tells
      },
    ],
  },
  {
    name: 'deno',
    title: 'Deno',
    port: 8003,
    findProgram: findDeno,
    async prepare() {},
    async createCommand(settings) {
      // The last is for the certificates that it trusts, without which there is no TLS.
      const permissions = ['--allow-net', '--allow-env', '--allow-read', '--allow-sys=ca']
      return {
        program: findDeno(),
        args: ['run', '--no-prompt', '--cached-only', ...permissions, mainOf('deno')],
        // OTEL_DENO may be on for Deno's metrics: its spans are made only to be discarded, but for the exporter's.
        env: { OTEL_DENO_TRACING: 'false', ...environmentOf(settings) },
      }
    },
    graceMillis: 0,
    buffersRequests: false,
    httpEdge: {
      'no Host in HTTP/1.1': '200',
      'two Hosts': '400 untraced',
      'dot segments': '404 problem',
      'encoded dot segments': '404 problem',
      'bytes that are not ASCII in the path': '400 untraced',
      'DEL in the path': '400 untraced',
      'lines that end without CR': '200',
      'HTTP/2.0 in words': '400 untraced',
    },
    knownDifferences: [
      {
        runtime: 'deno',
        reason: 'Deno does not tell which version of HTTP a request came by',
        matches: { kind: 'attribute.missing', subject: 'network.protocol.version' },
      },
    ],
  },
  {
    name: 'bun',
    title: 'Bun',
    port: 8004,
    findProgram: findBun,
    async prepare() {},
    async createCommand(settings) {
      return { program: findBun(), args: [mainOf('bun')], env: environmentOf(settings) }
    },
    graceMillis: 0,
    buffersRequests: false,
    httpEdge: {
      'a method nobody knows, FOO': 'nothing',
      'a method in lower case': 'nothing',
      'OPTIONS *': '400 untraced',
      'a backslash in the path': '200',
      'a space in the path': '505 untraced',
      'a header of 20 kB': '431 untraced',
      'a query of 20 kB': '431 untraced',
      'lines that end without CR': '505 untraced',
      'HTTP/2.0 in words': '505 untraced',
    },
    knownDifferences: [
      {
        runtime: 'bun',
        reason: 'Bun does not tell which version of HTTP a request came by',
        matches: { kind: 'attribute.missing', subject: 'network.protocol.version' },
      },
    ],
  },
  {
    name: 'lambda',
    title: 'AWS Lambda',
    port: 8005,
    findProgram: () => process.execPath,
    prepare: bundleLambda,
    async createCommand(settings) {
      const host = join(projectFolder, 'runtimes', 'lambda-host', 'serve.ts')
      return { program: process.execPath, args: [host], env: environmentOf(settings) }
    },
    graceMillis: 0,
    buffersRequests: true,
    httpEdge: {
      ...answersOfNode,
      // Hono's adapter makes a Request of each event, and there is none with this method.
      TRACE: '400 untraced',
      'a backslash in the path': '200',
    },
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
      ...['faas.*', 'cloud.*', 'aws.lambda.*'].map((subject) => ({
        runtime: 'lambda',
        reason:
          'an invocation has an id, a trigger, and the ARN that was invoked, which names the account',
        matches: { kind: 'attribute.extra', subject },
      })),
      {
        runtime: 'lambda',
        reason: "the connection is the platform's; a function is told who asked it",
        matches: { kind: 'attribute.missing', subject: 'network.peer.*' },
      },
    ],
  },
]

/** The variables of a runtime that is given them as a process is. */
function environmentOf({ port, databaseUrl, variables }: LaunchSettings): Command['env'] {
  return {
    ...process.env,
    ...variables,
    HOST: '127.0.0.1',
    PORT: String(port),
    DATABASE_URL: databaseUrl,
  }
}

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
