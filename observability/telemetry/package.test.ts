import { writeFile } from 'node:fs/promises'
import { createRequire, isBuiltin } from 'node:module'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import root from '../../package.json' with { type: 'json' }
import { startReadyChild } from '../../runtimes/launch/start-ready-child.ts'
import type { Child } from '../../runtimes/processes/child.ts'
import { findBun, findDeno } from '../../runtimes/processes/find-programs.ts'
import { presentRuntimes } from '../../runtimes/testing/present-runtimes.ts'
import { findWorkerd } from '../../runtimes/workers/workerd.ts'
import { renderWorkerdConfig } from '../../runtimes/workers/workerd-config.ts'
import { findFreePort } from '../plumbing/find-free-port.ts'
import manifest from './package.json' with { type: 'json' }
import { packageName, packageVersion } from './package-version.ts'
import { databasesProgram } from './testing/databases-program.ts'
import { byName, type OtlpReceiver, startOtlpReceiver } from './testing/otlp-receiver.ts'
import { createPackedProject, type PackedProject, writeReadme } from './testing/packed-project.ts'

// The packed package in an empty project, with stock Hono and the lines of its README.

let project: PackedProject
let receiver: OtlpReceiver

beforeAll(async () => {
  receiver = await startOtlpReceiver()
  project = await createPackedProject([
    ...['@hono/node-server', '@types/node', 'drizzle-orm', 'kysely', 'pg', '@types/pg'],
  ])
}, 120_000)
afterAll(async () => {
  await project?.[Symbol.asyncDispose]()
  await receiver?.[Symbol.asyncDispose]()
})

test('the manifest says what the scope does, and pins what the repository is tested with', () => {
  expect([manifest.name, manifest.version]).toEqual([packageName, packageVersion])
  expect(root.dependencies).toMatchObject(manifest.dependencies)
})

const parent = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' }
const headers = { traceparent: `00-${parent.traceId}-${parent.spanId}-01` }

type Started = { readonly url: string; readonly child: Child }

/** Starts a program of the project, which is told where to send. */
async function start(name: string, port: number, command: readonly string[]): Promise<Started> {
  const [program = '', ...args] = command
  const env = { ...process.env, ...variables() }
  const options = { program, args, env, cwd: project.folder, onLine: () => {} }
  return { url: `http://127.0.0.1:${port}`, child: await startReadyChild(name, options, port) }
}

function variables(): Record<string, string> {
  return { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_BSP_SCHEDULE_DELAY: '20' }
}

const commands: Readonly<Record<string, (port: number) => readonly string[] | Promise<string[]>>> =
  {
    node: () => [process.execPath, 'node.ts'],
    deno: () => [
      ...[findDeno(), 'run', '--no-prompt', '--cached-only', '--node-modules-dir=manual'],
      ...['--allow-net', '--allow-env', '--allow-read', 'deno.ts'],
    ],
    bun: () => [findBun(), 'bun.ts'],
    workers: bundleWorker,
  }

/** The bundle that wrangler would deploy, served by workerd. */
async function bundleWorker(port: number): Promise<string[]> {
  const manifest = {
    compatibilityDate: '2026-08-01',
    compatibilityFlags: ['nodejs_compat'],
    variables: variables(),
  }
  await writeFile(
    join(project.folder, 'wrangler.toml'),
    `name = "shop"
main = "workers.ts"
compatibility_date = "${manifest.compatibilityDate}"
compatibility_flags = ["nodejs_compat"]
send_metrics = false
`,
  )
  const wrangler = createRequire(import.meta.url).resolve('wrangler/package.json')
  const program = join(wrangler, '..', 'bin', 'wrangler.js')
  await project.run(process.execPath, [program, 'deploy', '--dry-run', '--outdir', 'dist'])
  const config = renderWorkerdConfig({ manifest, port, bundle: 'dist/workers.js', variables: {} })
  await writeFile(join(project.folder, 'workerd.capnp'), config)
  return [findWorkerd(), 'serve', 'workerd.capnp']
}

describe.each(presentRuntimes.map(({ name }) => name).filter((name) => name in commands))(
  '%s',
  (name) => {
    let started: Started
    beforeAll(async () => {
      const port = await findFreePort()
      const where = `${port}, hostname: '127.0.0.1'`
      await writeReadme(project.folder, (code) => code.replace('3000', where))
      started = await start(name, port, (await commands[name]?.(port)) ?? [])
    }, 60_000)
    afterAll(() => started?.child.stop())

    test('a stock Hono app is traced with the lines of the README', async () => {
      const response = await fetch(`${started.url}/hello/ada`, { headers })
      expect(await response.text()).toBe('Hello ada!')
      expect(response.headers.get('x-trace-id')).toBe(parent.traceId)
      await expectSpan(name)
    })
  },
)

test.runIf(presentRuntimes.some(({ name }) => name === 'lambda'))(
  'lambda: a handler that is called with an event has sent its span when it returns',
  async () => {
    await writeReadme(project.folder, (code) => code)
    await writeFile(
      join(project.folder, 'invoke.ts'),
      `import { handler } from './lambda.ts'
const event = {
  version: '2.0', routeKey: '$default', rawPath: '/hello/ada', rawQueryString: '', isBase64Encoded: false,
  headers: { host: 'shop.example', ...${JSON.stringify(headers)} },
  requestContext: { domainName: 'shop.example', http: { method: 'GET', path: '/hello/ada', sourceIp: '192.0.2.1' } },
}
const { statusCode, body } = await handler(event)
process.stdout.write(statusCode + body + '\\n')
process.exit()
`,
    )
    const lines = await project.run(process.execPath, ['invoke.ts'], variables())
    expect(lines).toContain('200Hello ada!')
    await expectSpan('lambda')
  },
)

describe('on Node', () => {
  beforeAll(async () => {
    const url = process.env.TEST_DATABASE_URL ?? ''
    await writeReadme(project.folder, (code) => code.replace('postgres://127.0.0.1/shop', url))
    await writeFile(join(project.folder, 'databases.ts'), databasesProgram)
  })

  // SQLite is Node's own here, and older ones have none.
  const testDatabases = test.runIf(isBuiltin('node:sqlite'))
  testDatabases(
    'statements of Kysely and Drizzle, and what is fetched, have spans below the request',
    async () => {
      const lines = await project.run(process.execPath, ['databases.ts'], variables())
      const spans = receiver.spans().map(({ item }) => item)
      const server = spans.find(({ name }) => name === 'GET /')
      const below = spans.filter(({ parentSpanId }) => parentSpanId === server?.spanId)
      const told = below.map(({ name, attributes, status }) => {
        const named = byName(attributes)
        return [
          named['db.system.name'] ?? 'http',
          name,
          named['db.response.status_code'],
          status.code,
        ]
      })
      expect(told).toEqual([
        ['sqlite', 'BEGIN', undefined, 0],
        ['sqlite', 'INSERT notes', undefined, 0],
        ['sqlite', 'COMMIT', undefined, 0],
        ['sqlite', 'SELECT notes', undefined, 0],
        ['sqlite', 'INSERT notes', '1555', 2],
        ['postgresql', 'SELECT', undefined, 0],
        ['postgresql', expect.stringMatching(/^CONNECT /), undefined, 0],
        ['postgresql', 'BEGIN', undefined, 0],
        ['postgresql', 'SELECT', undefined, 0],
        ['postgresql', 'COMMIT', undefined, 0],
        ['http', 'GET', undefined, 0],
      ])
      expect(byName(below[3]?.attributes ?? [])['db.response.returned_rows']).toBe(1n)
      expect(lines.map((line) => JSON.parse(line))).toEqual([
        expect.objectContaining({ event: 'note.read', trace_id: server?.traceId }),
      ])
      expect(receiver.bodies().join()).not.toContain('seCret')
    },
  )

  test('what the README shows has types', async () => {
    const wrong = "import { createNodeTelemetry } from 'hono-telemetry/node'\n// @ts-expect-error\n"
    await writeFile(
      join(project.folder, 'wrong.ts'),
      `${wrong}createNodeTelemetry({ serviceName: 1 })\n`,
    )
    const compilerOptions = {
      ...{ module: 'nodenext', target: 'es2024', lib: ['es2024'], types: ['node'], strict: true },
      ...{ noEmit: true, allowImportingTsExtensions: true, skipLibCheck: true },
    }
    const files = ['node', 'bun', 'workers', 'lambda', 'databases', 'wrong'].map(
      (one) => `${one}.ts`,
    )
    await writeFile(
      join(project.folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, files }),
    )
    const tsc = createRequire(import.meta.url).resolve('typescript/package.json')
    await project.run(process.execPath, [join(tsc, '..', 'bin', 'tsc'), '-p', '.'])
  })
})

async function expectSpan(runtime: string): Promise<void> {
  const find = () =>
    receiver
      .spans()
      .find(({ resource }) => byName(resource.attributes)['hono.runtime.name'] === runtime)
  const arrived = await vi.waitUntil(find, { timeout: 10_000 })
  expect(arrived).toMatchObject({
    scope: packageName,
    item: { name: 'GET /hello/:name', traceId: parent.traceId, parentSpanId: parent.spanId },
  })
  expect(byName(arrived.resource.attributes)['service.name']).toBe('shop')
}
