import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { chmod, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findFreePort } from '../../observability/plumbing/find-free-port.ts'
import { parseDockerfile } from '../../observability/stack-tests/containers/parse-dockerfile.ts'
import { startChild } from '../processes/child.ts'
import { findBun, findDeno } from '../processes/find-programs.ts'
import { projectFolder } from '../processes/project-folder.ts'
import { runtimes } from '../runtimes.ts'
import { migrateDatabase } from '../service/database/migrate.ts'
import { drainMillisMax } from '../service/process.ts'
import { buildImages, type Image, readList, readVariables } from '../testing/image-for-test.ts'
import { startTestCollector } from '../testing/traces-for-test.ts'

// No container is built here. What its recipe says is done by hand instead: the files that it copies, alone in a
// folder, the commands that bundle, the command that serves, its health check. What serves may write nowhere but in a
// folder for what is temporary, as in a container of compose.yaml; on Linux, as root, it is another user as well.

const programs = new Map([
  ['node', process.execPath],
  ['deno', findDeno()],
  ['bun', findBun()],
])
const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}

let images: ReadonlyMap<string, Image>
let folder: string
let databaseUrl: string
beforeAll(async () => {
  databaseUrl = process.env.TEST_DATABASE_URL ?? ''
  await migrateDatabase(databaseUrl)
  folder = await mkdtemp(join(tmpdir(), 'todo-image-'))
  await chmod(folder, 0o755)
  const text = await readFile(join(projectFolder, 'Dockerfile'), 'utf8')
  images = await buildImages(parseDockerfile(text), {
    folder,
    // What npm would install is here already; what of it a stage may use is tested below.
    install: (workdir) =>
      symlink(join(projectFolder, 'node_modules'), join(workdir, 'node_modules')),
  })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Runs a command of an image, with the variables that the image sets and those given. */
async function runIn(
  name: string,
  [program = '', ...args]: readonly string[],
  variables: Readonly<Record<string, string>>,
) {
  const image = images.get(name)
  if (image === undefined) throw new Error(`expected a stage ${name} in the Dockerfile`)
  const temporary = await mkdtemp(join(tmpdir(), 'todo-tmp-'))
  await chmod(temporary, 0o777)
  const lines: string[] = []
  const own = Object.entries(readVariables(image.stage)).map(([key, value]) => [
    key,
    value.replace(/^\/app\//, `${image.workdir}/`),
  ])
  const child = await startChild({
    program: programs.get(program) ?? program,
    args,
    cwd: image.workdir,
    env: {
      PATH: '',
      TMPDIR: temporary,
      SSL_CERT_DIR: '/none',
      ...Object.fromEntries(own),
      ...variables,
    },
    onLine: (line) => lines.push(line),
    ...nobody,
  })
  void child.ended.then(() => rm(temporary, { recursive: true, force: true }))
  return { child, lines }
}

function listOf(name: string, keyword: string): readonly string[] {
  const image = images.get(name)
  return image === undefined ? [] : readList(image.stage, keyword)
}

test('every runtime of the list has a stage that is served at its port', () => {
  for (const { name, port } of runtimes) {
    const image = images.get(name)
    expect(image && readVariables(image.stage), name).toMatchObject({ PORT: String(port) })
    expect(listOf(name, 'CMD').length, name).toBeGreaterThan(1)
  }
})

test('every image runs as the user that what it is built from brings, which is called as that is', () => {
  for (const name of [...runtimes.map((one) => one.name), 'load']) {
    const stage = images.get(name)?.stage
    const [, program] = /([^/:]+):[^/]+$/.exec(stage?.base ?? '') ?? []
    const users = stage?.instructions.filter(({ keyword }) => keyword === 'USER')
    expect(users, name).toEqual([{ keyword: 'USER', text: program }])
  }
})

describe.each(runtimes.map(({ name }) => name))('%s', (name) => {
  test('what is built serves by the command that is given, is healthy, is stopped in time, and is observed', async () => {
    await using collector = await startTestCollector()
    const port = await findFreePort()
    const variables = {
      HOST: '127.0.0.1',
      PORT: String(port),
      DATABASE_URL: databaseUrl,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    }
    const check = async () => {
      // A container may be told of a proxy, which knows nothing of what is in here.
      const proxy = { HTTP_PROXY: 'http://127.0.0.1:9', NODE_USE_ENV_PROXY: '1' }
      const { child } = await runIn(name, listOf(name, 'HEALTHCHECK'), { ...variables, ...proxy })
      return child.ended
    }
    const { child, lines } = await runIn(name, listOf(name, 'CMD'), variables)
    await expect.poll(check, { timeout: 20_000, message: lines.join('\n') }).toBe('exit code 0')
    const created = await fetch(`http://127.0.0.1:${port}/api/v1/todos`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title: `from an image of ${name}` }),
    })
    const docs = await fetch(`http://127.0.0.1:${port}/docs/swagger-ui.css`)
    await docs.arrayBuffer()
    const before = performance.now()
    await child.stop()
    const stopMillis = performance.now() - before

    expect(created.status, lines.join('\n')).toBe(201)
    expect(docs.status).toBe(200)
    expect(await child.ended, lines.join('\n')).toBe('exit code 0')
    expect(stopMillis).toBeLessThan(2 * drainMillisMax)
    expect(await check()).not.toBe('exit code 0')
    const traces = await (await fetch(`${collector.url}/api/traces?limit=50`)).text()
    expect(traces).toContain('POST /api/v1/todos')
    expect(traces, 'a check is not to be seen').not.toContain('"rootName":"GET /health"')
  })
})

test('the image that migrates brings a database up to date, and asking twice is nothing', async () => {
  const command = ['node', 'runtimes/service/database/db-migrate.ts']
  const { child, lines } = await runIn('node', command, { DATABASE_URL: databaseUrl })

  expect(await child.ended).toBe('exit code 0')
  expect(lines).toEqual(['nothing to do: the database is up to date'])
})

test('the image that makes load needs nothing but itself', async () => {
  const targets = ['--target', 'nobody=http://127.0.0.1:9', '--collector', 'http://127.0.0.1:9']
  const command = [...listOf('load', 'CMD'), '--seconds', '1', '--rate', '20', ...targets]
  const { child, lines } = await runIn('load', command, {})

  expect(await child.ended, lines.join('\n')).toBe('exit code 1')
  expect(lines.at(-2)).toMatch(/^nobody {2}\d+ requests, /)
  expect(lines.at(-1)).toBe('nothing worked on nobody')
})

/** The packages that a program imports, whatever is in node_modules. */
async function listPackages(path: string): Promise<readonly string[]> {
  const { metafile } = await build({
    entryPoints: [join(projectFolder, path)],
    bundle: true,
    packages: 'external',
    // What bundles an app of one's own is no part of an image.
    external: ['*/read-foreign-app.ts'],
    format: 'esm',
    platform: 'node',
    write: false,
    metafile: true,
  })
  const imported = Object.values(metafile.inputs)
    .flatMap(({ imports }) => imports.filter(({ external }) => external))
    .map(({ path }) => path)
    .filter((path) => !/^(node:|\.)/.test(path) && !builtinModules.includes(path))
    .map((path) => path.split('/', path.startsWith('@') ? 2 : 1).join('/'))
  return [...new Set(imported)]
}

test.each(['node/main.ts', 'deno/main.ts', 'bun/main.ts', 'load/load.ts'])(
  '%s needs no package that is not installed in the image',
  async (path) => {
    const { dependencies } = JSON.parse(await readFile(join(projectFolder, 'package.json'), 'utf8'))
    const imported = await listPackages(`runtimes/${path}`)

    expect(imported.length).toBeGreaterThan(3)
    expect(imported.filter((one) => !(one in dependencies))).toEqual([])
  },
)

test.each([
  { name: 'workers', path: 'runtimes/workers/serve-workers.ts', besides: ['workerd'] },
  { name: 'lambda', path: 'runtimes/lambda/host/serve.ts', besides: ['aws-lambda-ric'] },
])('$name has the packages of its host, and no others', async ({ name, path, besides }) => {
  const instructions = (stage: string) => images.get(stage)?.stage.instructions ?? []
  const gathered = instructions('bundles')
    .flatMap(({ text }) => text.split(/ +&& +/))
    .filter((command) => command.startsWith('cp -R ') && command.endsWith(` serve-${name}/`))
  const copied = instructions(name).filter(({ text }) => text.startsWith('--from=packages '))
  const packages = [...gathered, ...copied.map(({ text }) => text.split(' ', 2).join(' '))]
    .flatMap((text) => [...text.matchAll(/node_modules\/(\S+)/g)])
    .map(([, one]) => one)

  const imported = withDependencies(await listPackages(path))
  expect(packages.toSorted()).toEqual([...imported, ...besides].toSorted())
})

/** These packages, and all that they need. */
function withDependencies(packages: readonly string[]): ReadonlySet<string> {
  const all = new Set(packages)
  for (const name of all) {
    const { dependencies = {} }: { dependencies?: object } = JSON.parse(
      readFileSync(join(projectFolder, 'node_modules', name, 'package.json'), 'utf8'),
    )
    for (const needed of Object.keys(dependencies)) all.add(needed)
  }
  return all
}

test('what is ignored cannot be copied, and an instruction that is not understood is an error', async () => {
  const options = { folder: join(folder, randomUUID()), install: async () => {} }
  const buildOne = (line: string) =>
    buildImages(parseDockerfile(`FROM scratch AS one\nWORKDIR /app\n${line}\n`), options)

  await expect(buildOne('COPY README.md ./')).rejects.toThrow('.dockerignore leaves it out')
  await expect(buildOne('VOLUME /data')).rejects.toThrow('VOLUME: an instruction')
  await expect(buildOne('RUN exit 3')).rejects.toThrow('exit 3')
  expect(() => parseDockerfile('FROM scratch\n')).toThrow('expected an image AS a name')
})
