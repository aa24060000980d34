import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseReport } from '../../observability/comparison/report/parse-report.ts'
import { findFreePort } from '../../observability/plumbing/find-free-port.ts'
import { startChild } from '../processes/child.ts'
import { projectFolder } from '../processes/project-folder.ts'
import { readRunning } from '../start/running.ts'
import { presentRuntimes } from '../testing/present-runtimes.ts'
import { type ForeignApp, writeForeignApp } from './testing/foreign-app.ts'

let app: ForeignApp
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'own-app-out-'))
  app = await writeForeignApp({
    'app.ts': `import { Hono } from 'hono'
import { streamText } from 'hono/streaming'
const app = new Hono().basePath('/')
app.use(async (c, next) => {
  await next()
  c.executionCtx.waitUntil(Promise.resolve())
})
app.get('/', (c) => c.text('hello'))
app.get('/about', (c) => c.json({ about: 'us' }))
app.get('/stream', (c) => streamText(c, async (stream) => void (await stream.write('slowly'))))
app.route('/books', new Hono().get('/', (c) => c.json([])))
app.onError((error, c) => c.text(error.message, 500))
app.notFound((c) => c.text('nobody here', 404))
app.get('/posts/:id', (c) => c.json({ id: c.req.param('id') }))
app.post('/posts', async (c) => c.json(await c.req.json(), 201))
export default app
`,
    'package.json': '{"name":"blog","type":"module"}',
  })
})
afterAll(async () => {
  await app?.[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

const hello = (text: string) =>
  `import { Hono } from 'hono'\nexport default new Hono().get('/', (c) => c.text(${JSON.stringify(text)}))\n`

test('start writes down what runs where, which load and compare find, and launches anew what has changed', async () => {
  await using watched = await writeForeignApp({ 'index.ts': hello('one') })
  const [port, collectorPort] = [await findFreePort(), await findFreePort()]
  const lines: string[] = []
  const data = await mkdtemp(join(folder, 'data-'))
  const started = await startChild({
    program: process.execPath,
    args: [
      join(projectFolder, 'runtimes', 'start', 'start.ts'),
      ...['--app', watched.file, '--watch', '--runtimes', 'node', '--port', `node=${port}`],
      ...['--collector-port', String(collectorPort), '--data', data],
    ],
    onLine: (line) => lines.push(line),
    stopMillisMax: 20_000,
  })
  try {
    await expect.poll(() => lines.join('\n'), { timeout: 20_000 }).toContain('all ready')
    const text = async () => (await fetch(`http://127.0.0.1:${port}/`)).text()
    expect(await text()).toBe('one')
    expect(await readRunning(data)).toMatchObject({
      app: watched.file,
      collectorUrl: `http://127.0.0.1:${collectorPort}`,
      services: [{ name: 'node', url: `http://127.0.0.1:${port}` }],
    })

    const load = await run('load', ['--data', data, '--seconds', '2'])
    expect(load, load.text).toMatchObject({ code: 'exit code 0' })
    expect(load.text).toMatch(/^node {2}\d+ requests/m)
    const brief = ['--rounds', '2', '--warm-up', '1', '--fail-on', 'none', '--out', folder]
    const own = ['--app', watched.file, '--runtimes', 'node']
    const played = await run('compare', ['--data', data, '--running', ...own, ...brief])
    expect(played, played.text).toMatchObject({ code: 'exit code 0' })
    const other = await run('compare', ['--data', data, '--runtimes', 'node', ...brief])
    expect(other).toMatchObject({
      code: 'exit code 2',
      text: expect.stringMatching(/^--data: .* runs .*index\.ts, not that; say so with --app/),
    })
    const stored = ['--run', 'current', '--fail-on', 'conventions', '--out', folder]
    const found = await run('compare', ['--data', data, ...stored])
    expect(found, found.text).toMatchObject({ code: 'exit code 0' })
    expect(await readFile(join(folder, 'compare.json'), 'utf8')).toContain(
      `the collector at http://127.0.0.1:${collectorPort}`,
    )

    await writeFile(watched.file, 'export default {')
    await expect.poll(() => lines.join('\n'), { timeout: 10_000 }).toContain('index.ts:1: Expected')
    await writeFile(watched.file, hello('two'))
    await expect.poll(() => lines.join('\n'), { timeout: 20_000 }).toContain('launched anew')
    expect(await text()).toBe('two')
  } finally {
    await started.stop()
  }
  expect(lines.at(-1)).toBe('everything has ended')
  expect(await readRunning(data)).toBeNull()
}, 90_000)

test.each([
  [
    'load',
    [],
    /^--data: no `npm start` runs with (.*); `npm start -- --data \1` starts one there$/,
  ],
  ['compare', ['--running'], /^--data: no `npm start` runs with/],
  ['compare', ['--run', 'last', '--run', 'current'], /^--data: no `npm start` runs with/],
  ['compare', ['--launch'], /^--data: .* cannot be made \(EEXIST: .*\); name another folder$/],
])('%s %j with a --data that is a file says so', async (command, args, sentence) => {
  const named = ['--data', app.file, ...args]
  const given = command === 'load' || args[0] === '--run' ? named : ['--app', app.file, ...named]
  const { code, text } = await run(command, given)
  expect(code, text).toBe('exit code 2')
  expect(text).toMatch(sentence)
})

test('load ends although the app left a timer open', async () => {
  await using open = await writeForeignApp({
    'index.ts': `setInterval(() => {}, 1000)\n${hello('x')}`,
  })
  const target = ['--target', `node=http://127.0.0.1:${await findFreePort()}`]
  const { code, text } = await run('load', ['--app', open.file, ...target, '--seconds', '1'])
  expect(code, text).toBe('exit code 1')
  expect(text).toContain('nothing worked on node')
}, 30_000)

test.each([
  ['start', []],
  ['load', ['--target', 'node=http://127.0.0.1:9']],
  ['compare', []],
])(
  '%s %j names an app that ends the process or opens a port when it is imported',
  async (command, args) => {
    await using ending = await writeForeignApp({ 'index.ts': `process.exit(3)\n${hello('x')}` })
    await using opening = await writeForeignApp({
      'index.ts': `import { createServer } from 'node:http'\ncreateServer().listen(0)\n${hello('x')}`,
    })
    const sentences = [
      [ending, /index\.ts: ends the process when it is imported/],
      [opening, /index\.ts: opens a port when it is imported/],
    ] as const
    for (const [{ file }, sentence] of sentences) {
      const { code, text } = await run(command, ['--app', file, ...args])
      expect(code, text).toBe('exit code 2')
      expect(text).toMatch(sentence)
    }
  },
  30_000,
)

async function run(command: string, args: readonly string[]) {
  const lines: string[] = []
  const child = await startChild({
    program: process.execPath,
    args: ['--', join(projectFolder, 'runtimes', command, `${command}.ts`), ...args],
    env: { ...process.env, NO_COLOR: '1' },
    onLine: (line) => lines.push(line),
    stopMillisMax: 20_000,
  })
  return { code: await child.ended, text: lines.join('\n') }
}

test('compare plays every GET without parameters on every runtime, and says so', async () => {
  const args = ['--app', app.file, '--rounds', '3', '--warm-up', '1', '--launch', '--out', folder]
  const { code, text } = await run('compare', args)

  expect(code, text).toBe('exit code 0')
  expect(text).toContain(
    "the scenario is made of the app's own routes, every GET without parameters: /, /about, /stream, /books; --scenario FILE plays another",
  )
  const report = parseReport(await readFile(join(folder, 'compare.json'), 'utf8'))
  expect(report.runtimes.map(({ name }) => name)).toEqual(presentRuntimes.map(({ name }) => name))
  expect(report.operations.map(({ name }) => name)).toEqual([
    ...['GET /', 'GET /about', 'GET /stream', 'GET /books'],
  ])
}, 60_000)

test('a scenario is written once, and can be played as it is', async () => {
  const file = join(folder, 'scenario.ts')
  expect((await run('compare', ['--app', app.file, '--write-scenario', file])).code).toBe(
    'exit code 0',
  )
  expect(await readFile(file, 'utf8')).toContain(
    '// { name: "POST /posts", request: { method: "POST", path: "/posts", body: {} } },',
  )
  const again = await run('compare', ['--app', app.file, '--write-scenario', file])
  expect(again).toEqual({ code: 'exit code 2', text: expect.stringContaining('is there already') })

  const played = ['--runtimes', 'node', '--rounds', '2', '--launch', '--fail-on', 'none']
  const { text } = await run('compare', [
    ...['--app', app.file, '--scenario', file, '--out', folder, ...played],
  ])
  expect(text).toContain('2 rounds of blog')
}, 60_000)
