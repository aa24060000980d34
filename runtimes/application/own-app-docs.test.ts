import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findFreePort } from '../../observability/plumbing/find-free-port.ts'
import telemetry from '../../observability/telemetry/package.json' with { type: 'json' }
import { startChild } from '../processes/child.ts'
import { projectFolder } from '../processes/project-folder.ts'
import { runtimes } from '../runtimes.ts'
import {
  type ForeignApp,
  type RunningApp,
  startForeignApp,
  writeForeignApp,
} from './testing/foreign-app.ts'

const text = await readFile(join(projectFolder, 'docs', 'own-app.md'), 'utf8')
const snippets = [...text.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code)
const [plain = '', application = '', adapter = ''] = snippets
const lines = [...text.matchAll(/^ {4}(\S.*)$/gm)].map(([, line = '']) => line)
const shown = lines.filter((line) => !snippets.some((code) => code.includes(line)))
const commands = shown.flatMap((line) => {
  const [, name, args = ''] = /^npm (?:run )?(start|compare|load) -- (.*)$/.exec(line) ?? []
  return name === undefined ? [] : [{ name, args }]
})

describe('docs/own-app.md', () => {
  let app: ForeignApp
  let running: RunningApp
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'own-app-docs-'))
    app = await writeForeignApp({ 'app.ts': plain, '.env': 'SHOP=one\n' })
    // What the last command compares, and what load asks.
    const [node] = runtimes
    running = await startForeignApp(app.file, node === undefined ? [] : [node])
  })
  afterAll(async () => {
    await running?.[Symbol.asyncDispose]()
    await app?.[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  /** The command as it stands, with this app in the place of the shop's, on ports that are free, and briefly. */
  async function besides(name: string, args: string): Promise<readonly string[]> {
    const url = running.services[0]?.url ?? ''
    const given = args
      .replaceAll('../shop/src/app.ts', app.file)
      .replaceAll('../shop', app.folder)
      .replace(/http:\/\/127\.0\.0\.1:900[12]/g, url)
      .split(' ')
    if (name === 'load') return [...given, '--target', `node=${url}`, '--seconds', '2']
    if (name === 'compare') {
      if (args.includes('--write-scenario')) return given
      const where = args.includes('--target') ? ['--collector', running.collectorUrl] : ['--launch']
      const brief = ['--rounds', '2', '--warm-up', '1', '--fail-on', 'none']
      return [...given, ...where, ...brief, '--out', folder]
    }
    const ports: string[] = []
    for (const runtime of runtimes) ports.push('--port', `${runtime.name}=${await findFreePort()}`)
    return [
      ...[...given, ...ports, '--collector-port', `${await findFreePort()}`],
      ...['--data', folder],
    ]
  }

  test('has commands', () => {
    expect(commands.map(({ name }) => name)).toEqual([
      ...['start', 'compare', 'load', 'start', 'compare', 'compare', 'compare'],
    ])
  })

  test('what else it shows is executed elsewhere: rename below, the package by its own test', async () => {
    const { name, version } = telemetry
    expect(shown.filter((line) => !commands.some(({ args }) => line.endsWith(args)))).toEqual([
      'npm run rename',
      'npm pack ./observability/telemetry',
      `cd ../shop && npm install ../todo-everywhere/${name}-${version}.tgz`,
    ])
    const readme = join(projectFolder, 'observability', 'telemetry', 'README.md')
    expect(await readFile(readme, 'utf8')).toContain(adapter)
    expect(snippets).toHaveLength(3)
  })

  test('npm run rename has nothing to write where the names are right', async () => {
    const said: string[] = []
    const program = join(projectFolder, 'runtimes', 'containers', 'rename.ts')
    const child = await startChild({
      program: process.execPath,
      args: [program],
      onLine: (line) => said.push(line),
    })
    expect([await child.ended, ...said]).toEqual(['exit code 0'])
  })

  test.each(commands)(
    'npm $name -- $args',
    async ({ name, args }) => {
      const lines: string[] = []
      const program = join(projectFolder, 'runtimes', name, `${name}.ts`)
      const child = await startChild({
        program: process.execPath,
        args: [program, ...(await besides(name, args))],
        onLine: (line) => lines.push(line),
        stopMillisMax: 20_000,
      })
      if (name === 'start') {
        await expect.poll(() => lines.join('\n'), { timeout: 30_000 }).toContain('all ready')
        await child.stop()
      }
      expect(await child.ended, lines.join('\n')).toBe('exit code 0')
    },
    90_000,
  )

  test('its application with a database serves what it says', async () => {
    const own = join(import.meta.dirname, 'define-application.ts')
    const code = application.replace(/'[^']*define-application\.ts'/, JSON.stringify(own))
    await using notes = await writeForeignApp({ 'notes.ts': code }, ['hono', 'kysely'])
    await writeFile(join(notes.folder, 'package.json'), '{"type":"module"}')
    const [node] = runtimes
    await using served = await startForeignApp(notes.file, node === undefined ? [] : [node])
    const url = `${served.services[0]?.url}/notes`
    await fetch(url, { method: 'POST', body: '{"text":"kept"}' })
    expect(await (await fetch(url)).json()).toEqual([{ id: 1, text: 'kept' }])
  }, 60_000)
})
