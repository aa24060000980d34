import { execFileSync } from 'node:child_process'
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describeError } from '../../observability/plumbing/describe-error.ts'
import { findFreePort } from '../../observability/plumbing/find-free-port.ts'
import { pollUntil } from '../../observability/plumbing/poll-until.ts'
import { type Child, startChild } from '../processes/child.ts'
import { projectFolder } from '../processes/project-folder.ts'
import { runtimes } from '../runtimes.ts'

// `npm run test:swap`: puts another app into a copy of this repository, as docs/own-app.md says. The copy must pass the
// checks, start, load and compare, and nothing that a person sees may still say Todo. What the platform promises holds
// for it as well.

const notes = {
  name: 'notes',
  path: '/notes',
  // Of the tests of what the platform promises.
  tests: ['runtimes/contract/http-edge'],
  'src/app.ts': `import { Hono } from 'hono'
  import type { Kysely } from 'kysely'

  export type Database = { notes: { id: number; text: string } }

  export function createApp(db: Kysely<Database>, ping: () => Promise<string>): Hono {
    return new Hono()
      .get('/ready', async (c) => c.text(await ping()))
      .get('/notes', async (c) => c.json(await db.selectFrom('notes').selectAll().execute()))
  }
`,
  'src/migrations.ts': `import type { Migration } from 'kysely/migration'

  export const migrations: Readonly<Record<string, Migration>> = {
    '0001-notes': {
      async up(db) {
        await db.schema
          .createTable('notes')
          .addColumn('id', 'integer', (column) => column.primaryKey().generatedAlwaysAsIdentity())
          .addColumn('text', 'text', (column) => column.notNull())
          .execute()
      },
    },
  }
`,
  'runtimes/application.ts': `import { createApp, type Database } from '../src/app.ts'
  import { migrations } from '../src/migrations.ts'
  import { defineApplication } from './application/define-application.ts'

  export default defineApplication({
    name: 'notes-api',
    title: 'Notes',
    database: { name: 'notes', migrations },
    readyPath: '/ready',
    create: ({ database, ping }) => createApp(database<Database>(), ping),
  })
`,
}

const clock = {
  name: 'clock',
  path: '/time',
  // The quick ones: without a database of its own, more of this repository has been changed.
  tests: ['http-edge', 'telemetry', 'environment', 'platform-tracing'].map(
    (name) => `runtimes/contract/${name}`,
  ),
  'src/app.ts': `import { Hono } from 'hono'

  export function createApp(): Hono {
    return new Hono().get('/time', (c) => c.json({ zone: 'UTC' }))
  }
`,
  'runtimes/application.ts': `import { createApp } from '../src/app.ts'
  import { defineApplication } from './application/define-application.ts'

  export default defineApplication({ name: 'clock', create: () => createApp() })
`,
}

const stepMillisMax = 600_000
const wrong: string[] = []

for (const app of [notes, clock]) {
  const folder = await mkdtemp(join(tmpdir(), 'swap-'))
  await chmod(folder, 0o755) // PostgreSQL may run as another user
  try {
    await copyRepository(folder, app)
    await testCopy(folder, app)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
for (const sentence of wrong) say(`WRONG: ${sentence}`)
say(wrong.length === 0 ? 'the repository is any app’s' : `${wrong.length} wrong`)
process.exitCode = wrong.length === 0 ? 0 : 1

async function copyRepository(folder: string, app: typeof notes | typeof clock) {
  const listed = ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate']
  const paths = execFileSync('git', listed, { cwd: projectFolder, encoding: 'utf8' }).split('\n')
  for (const path of paths)
    if (path === 'src/tsconfig.json' || (path !== '' && !path.startsWith('src/')))
      await cp(join(projectFolder, path), join(folder, path)).catch(() => {})
  for (const [path, text] of Object.entries(app)) {
    if (!path.endsWith('.ts') || typeof text !== 'string') continue
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text.replace(/^ {2}/gm, ''))
  }
  await symlink(join(projectFolder, 'node_modules'), join(folder, 'node_modules'))
}

async function testCopy(folder: string, { name, path, tests }: typeof notes | typeof clock) {
  const step = async (...args: readonly string[]) => {
    const lines: string[] = []
    const end = await run(folder, args, lines)
    expectThat(end === 'exit code 0', `${name}: npm ${args.join(' ')}: ${lines.join('\n')}`)
    return lines.join('\n')
  }
  await step('run', 'rename')
  await step('run', 'check')
  await step('test', '--', ...tests)

  const ports = await findPorts()
  const lines: string[] = []
  say(`${name}: npm start`)
  const started = await startNpm(folder, ['start', '--', ...ports.args], lines)
  try {
    const isReady = () => started.hasEnded() || lines.some((line) => line.startsWith('all ready'))
    await pollUntil(isReady, stepMillisMax)
    if (started.hasEnded()) throw new Error(lines.join('\n'))
    for (const runtime of runtimes) {
      const { status } = await fetch(`${ports.urlOf(runtime.name)}${path}`)
      expectThat(status === 200, `${name}: ${runtime.name} answered ${status}`)
    }
    const load = ['--seconds', '5', '--collector', ports.urlOf('collector')]
    const targets = runtimes.flatMap((one) => ['--target', `${one.name}=${ports.urlOf(one.name)}`])
    const shown = [await step('run', 'load', '--', ...load, ...targets)]
    for (const asked of ['/', '/api/status', '/api/traces', '/api/logs', '/api/try', '/metrics'])
      shown.push(await (await fetch(`${ports.urlOf('collector')}${asked}`)).text())
    shown.push(...lines)
    expectNoTodo(name, shown)
  } catch (error) {
    wrong.push(`${name}: npm start: ${describeError(error)}`)
  } finally {
    await started.stop()
  }

  const compare = ['run', 'compare', '--', '--launch', '--rounds', '4', '--warm-up', '1']
  expectNoTodo(name, [await step(...compare)])
  for (const report of await readdir(join(folder, 'compare-report')).catch(() => []))
    expectNoTodo(name, [await readFile(join(folder, 'compare-report', report), 'utf8')])
}

function expectNoTodo(name: string, texts: readonly string[]): void {
  for (const text of texts) {
    const [found] = /.{0,60}todo.{0,60}/i.exec(text) ?? []
    expectThat(found === undefined, `${name}: still says ${JSON.stringify(found)}`)
  }
}

function expectThat(is: boolean, sentence: string): void {
  if (!is) wrong.push(sentence)
}

async function run(folder: string, args: readonly string[], lines: string[]): Promise<string> {
  const since = performance.now()
  const child = await startNpm(folder, args, lines)
  const tooLong = setTimeout(() => child.stop(), stepMillisMax)
  const end = await child.ended
  clearTimeout(tooLong)
  say(`npm ${args.join(' ')}: ${end} after ${((performance.now() - since) / 1000).toFixed(0)} s`)
  return end
}

function startNpm(folder: string, args: readonly string[], lines: string[]): Promise<Child> {
  const { DATABASE_URL: _, ...env } = process.env
  return startChild({
    program: 'npm',
    args: ['--silent', ...args],
    cwd: folder,
    env: { ...env, NO_COLOR: '1' },
    onLine: (line) => lines.push(line),
    stopMillisMax: 20_000,
  })
}

async function findPorts() {
  const ports = new Map<string, number>()
  for (const name of ['collector', 'postgres', ...runtimes.map((runtime) => runtime.name)])
    ports.set(name, await findFreePort())
  return {
    urlOf: (name: string) => `http://127.0.0.1:${ports.get(name)}`,
    args: [
      ...runtimes.flatMap(({ name }) => ['--port', `${name}=${ports.get(name)}`]),
      ...['--collector-port', String(ports.get('collector'))],
      ...['--postgres-port', String(ports.get('postgres'))],
    ],
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
