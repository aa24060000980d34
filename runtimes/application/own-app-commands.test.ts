import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseReport } from '../../observability/comparison/report/parse-report.ts'
import { startChild } from '../processes/child.ts'
import { projectFolder } from '../processes/project-folder.ts'
import { presentRuntimes } from '../testing/present-runtimes.ts'
import { type ForeignApp, writeForeignApp } from './testing/foreign-app.ts'

let app: ForeignApp
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'own-app-out-'))
  app = await writeForeignApp({
    'app.ts': `import { Hono } from 'hono'
const app = new Hono()
app.use(async (_, next) => next())
app.get('/', (c) => c.text('hello'))
app.get('/about', (c) => c.json({ about: 'us' }))
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

async function run(command: string, args: readonly string[]) {
  const lines: string[] = []
  const child = await startChild({
    program: process.execPath,
    args: [join(projectFolder, 'runtimes', command, `${command}.ts`), ...args],
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
    "the scenario is made of the app's own routes, every GET without parameters: /, /about; --scenario FILE plays another",
  )
  const report = parseReport(await readFile(join(folder, 'compare.json'), 'utf8'))
  expect(report.runtimes.map(({ name }) => name)).toEqual(presentRuntimes.map(({ name }) => name))
  expect(report.operations.map(({ name }) => name)).toEqual(['GET /', 'GET /about'])
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
  expect(again).toEqual({ code: 'exit code 2', text: expect.stringContaining('EEXIST') })

  const played = ['--runtimes', 'node', '--rounds', '2', '--launch', '--fail-on', 'none']
  const { text } = await run('compare', [
    ...['--app', app.file, '--scenario', file, '--out', folder, ...played],
  ])
  expect(text).toContain('2 rounds of blog')
}, 60_000)
