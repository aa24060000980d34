import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import * as v from 'valibot'
import { beforeAll, describe, expect, test } from 'vitest'
import { projectFolder } from './processes/project-folder.ts'
import { runtimes } from './runtimes.ts'

// A guard that cannot fail is no guard: each boundary is crossed once here, and has to be noticed.

const crossings = [
  { file: 'src/planted.ts', imports: '@opentelemetry/api' },
  { file: 'src/planted.ts', imports: '@hono/otel' },
  { file: 'src/planted.ts', imports: 'pg' },
  { file: 'src/planted.ts', imports: 'node:fs' },
  { file: 'src/todos/planted.ts', imports: '../../observability/otlp/model.ts' },
  { file: 'src/planted.ts', imports: '../runtimes/service/service.ts' },
  { file: 'runtimes/contract/planted.ts', imports: '../../src/app.ts' },
  { file: 'runtimes/node/planted.ts', imports: '../../src/app.ts' },
  { file: 'observability/telemetry/planted.ts', imports: 'node:fs' },
  { file: 'observability/telemetry/planted.ts', imports: '../../src/app.ts' },
  { file: 'observability/telemetry/planted.ts', imports: '../../runtimes/service/service.ts' },
  { file: 'observability/telemetry/planted.ts', imports: '../collector/start-collector.ts' },
  { file: 'observability/telemetry/planted.ts', imports: '../plumbing/find-free-port.ts' },
  { file: 'observability/plumbing/planted.ts', imports: '../otlp/model.ts' },
  { file: 'observability/plumbing/planted.ts', imports: '../../runtimes/runtimes.ts' },
  { file: 'observability/otlp/planted.ts', imports: '@opentelemetry/otlp-transformer' },
  { file: 'observability/otlp/planted.ts', imports: '../collector/start-collector.ts' },
  { file: 'observability/telemetry/planted.ts', imports: '../wire/traces.ts' },
  { file: 'observability/otlp/planted.ts', imports: '../wire/traces.ts' },
  { file: 'observability/comparison/planted.ts', imports: '../wire/traces.ts' },
  { file: 'observability/wire/planted.ts', imports: '@opentelemetry/api' },
  { file: 'observability/wire/planted.ts', imports: 'node:fs' },
  { file: 'observability/wire/planted.ts', imports: '../collector/start-collector.ts' },
  { file: 'observability/wire/planted.ts', imports: '../comparison/trace/trace-tree.ts' },
  { file: 'observability/collector/planted.ts', imports: '@opentelemetry/api' },
  { file: 'observability/collector/planted.ts', imports: '../comparison/trace/trace-tree.ts' },
  { file: 'observability/collector/planted.ts', imports: '../../runtimes/service/service.ts' },
  { file: 'observability/comparison/planted.ts', imports: '@opentelemetry/api' },
  { file: 'observability/comparison/planted.ts', imports: '../collector/start-collector.ts' },
  { file: 'observability/comparison/planted.ts', imports: '../telemetry/telemetry.ts' },
  { file: 'observability/comparison/planted.ts', imports: '../driver/measure.ts' },
  { file: 'observability/driver/planted.ts', imports: '@opentelemetry/api' },
  { file: 'observability/driver/planted.ts', imports: '../../runtimes/runtimes.ts' },
  { file: 'observability/driver/planted.ts', imports: '../../src/app.ts' },
  { file: 'observability/driver/planted.ts', imports: '../collector/start-collector.ts' },
  { file: 'observability/collector/planted.ts', imports: '../viewer/build.ts' },
  { file: 'observability/comparison/planted.ts', imports: '../viewer/build.ts' },
  { file: 'observability/collector/planted.ts', imports: '../ask/tools/tools.ts' },
  { file: 'observability/driver/planted.ts', imports: '../ask/tools/tools.ts' },
  { file: 'observability/viewer/planted.ts', imports: '../ask/tools/tools.ts' },
  { file: 'observability/ask/planted.ts', imports: '@opentelemetry/api' },
  { file: 'observability/ask/planted.ts', imports: '../collector/start-collector.ts' },
  { file: 'observability/ask/planted.ts', imports: '../viewer/build.ts' },
  { file: 'observability/ask/planted.ts', imports: '../../runtimes/runtimes.ts' },
  { file: 'observability/viewer/planted.ts', imports: '@opentelemetry/api' },
  { file: 'observability/viewer/planted.ts', imports: '../collector/start-collector.ts' },
  { file: 'observability/viewer/planted.ts', imports: '../telemetry/telemetry.ts' },
  { file: 'observability/viewer/page/planted.ts', imports: '../../../runtimes/service/service.ts' },
  { file: 'observability/viewer/page/planted.ts', imports: '../../../src/app.ts' },
  {
    file: 'observability/viewer/page/trace/planted.ts',
    imports: '../../../collector/start-collector.ts',
  },
  { file: 'observability/stack/grafana/planted.ts', imports: '../../collector/start-collector.ts' },
  { file: 'observability/stack/grafana/planted.ts', imports: '../../../runtimes/runtimes.ts' },
  {
    file: 'observability/stack-tests/containers/planted.ts',
    imports: '../../runtimes/runtimes.ts',
  },
  { file: 'observability/stack-tests/containers/planted.ts', imports: '../../otlp/model.ts' },
  ...runtimes.flatMap(({ name }) =>
    runtimes
      .filter((other) => other.name !== name)
      .map((other) => ({
        file: `runtimes/${name}/planted.ts`,
        imports: `../${other.name}/main.ts`,
      })),
  ),
]

const allowed = [
  { file: 'src/planted.ts', imports: 'kysely' },
  { file: 'observability/telemetry/planted.ts', imports: '@opentelemetry/api' },
  { file: 'observability/wire/planted.ts', imports: '../otlp/model.ts' },
  { file: 'observability/collector/planted.ts', imports: '../otlp/model.ts' },
  { file: 'observability/collector/planted.ts', imports: '../wire/traces.ts' },
  { file: 'observability/driver/planted.ts', imports: '../wire/traces.ts' },
  { file: 'observability/viewer/page/planted.ts', imports: '../../wire/traces.ts' },
  { file: 'observability/comparison/planted.ts', imports: '../otlp/model.ts' },
  { file: 'observability/comparison/planted.ts', imports: '../plumbing/describe-error.ts' },
  { file: 'observability/comparison/planted.ts', imports: '../wire/known-differences.ts' },
  { file: 'observability/driver/planted.ts', imports: '../comparison/trace/trace-tree.ts' },
  { file: 'observability/viewer/planted.ts', imports: '../comparison/trace/trace-tree.ts' },
  { file: 'observability/viewer/page/planted.ts', imports: '../../otlp/model.ts' },
  { file: 'observability/ask/planted.ts', imports: '../comparison/trace/trace-tree.ts' },
  { file: 'observability/ask/planted.ts', imports: '../driver/stored/compare-stored.ts' },
  ...runtimes.flatMap(({ name }) => [
    { file: `runtimes/${name}/planted.ts`, imports: '../service/service.ts' },
    {
      file: `runtimes/${name}/planted.ts`,
      imports: '../../observability/telemetry/telemetry.ts',
    },
  ]),
]

describe('the lint rules of the houses', () => {
  let caught: ReadonlySet<string>
  beforeAll(async () => {
    caught = await lintPlanted([...crossings, ...allowed])
  })

  test.each(crossings)('$file may not import $imports', (planted) => {
    expect(caught).toContain(nameOf(planted))
  })

  test.each(allowed)('$file may import $imports', (planted) => {
    expect(caught).not.toContain(nameOf(planted))
  })
})

test.each([
  ['src/planted.ts', true],
  ['runtimes/service/planted.ts', true],
  ['observability/collector/planted.ts', true],
  ['src/planted.test.ts', false],
  ['src/testing/planted.ts', false],
])('what supports tests, imported by %s: caught is %s', async (file, isCaught) => {
  await using folder = await createFolder(tmpdir()) // oxlint passes over dist
  await mkdir(dirname(join(folder.path, file)), { recursive: true })
  await writeFile(join(folder.path, file), "import '../../runtimes/testing/launch-for-test.ts'\n")
  await cp(join(projectFolder, '.oxlintrc.json'), join(folder.path, '.oxlintrc.json'))
  const oxlint = join(projectFolder, 'node_modules', 'oxlint', 'bin', 'oxlint')
  const said = await run([oxlint], folder.path)
  expect(said).toMatch(/on 1 file/)
  expect(said.includes('nothing that ships imports it')).toBe(isCaught)
})

describe('the lint rules on shape', () => {
  test('a circle of imports is caught, types included', async () => {
    const said = await lintFiles({
      'src/one.ts': "import type { Two } from './two.ts'\nexport type One = Two | 1\n",
      'src/two.ts': "import type { One } from './one.ts'\nexport type Two = One | 2\n",
    })
    expect(said).toMatch(/^src\/one\.ts:\S+ lint\/suspicious\/noImportCycles/m)
  })

  test('a function of more than 60 lines is caught', async () => {
    expect(await lintFiles({ 'src/long.ts': functionOf(61) })).toMatch(longFunction('src/long.ts'))
    expect(await lintFiles({ 'src/long.ts': functionOf(60) })).not.toMatch(/noExcessiveLines/)
  })

  test('the list of files that may have longer ones can only become shorter', async () => {
    const { overrides } = await readRules()
    const exempt = v.parse(exemption, overrides[1]).includes
    expect(exempt.length).toBeLessThanOrEqual(17)

    const files = exempt.map(
      async (file) => [file, await readFile(join(projectFolder, file), 'utf8')] as const,
    )
    const said = await lintFiles(Object.fromEntries(await Promise.all(files)), {
      overrides: overrides.filter((_, index) => index !== 1),
    })
    for (const file of exempt)
      expect(said, `${file}: take it off the list`).toMatch(longFunction(file))
  })
})

const exemption = v.object({ includes: v.array(v.string()) })

function functionOf(lines: number): string {
  return `export function long(): number {\n${'  Math.random()\n'.repeat(lines - 1)}  return 1\n}\n`
}

function longFunction(file: string): RegExp {
  return new RegExp(`^${file.replaceAll('.', '\\.')}:\\S+ lint/complexity/noExcessiveLines`, 'm')
}

describe('the compiler', () => {
  test.each(['process.exit()', 'Buffer.from([])', "require('fs')", 'Deno.cwd()', 'document.title'])(
    'knows no %s in src',
    async (statement) => {
      expect(await compile('src', statement)).toMatch(/error TS\d+: Cannot find name/)
    },
  )

  test('knows no node:fs in src', async () => {
    expect(
      await compile('src', "import 'node:fs'; import fs from 'node:fs'; fs.statSync('/')"),
    ).toMatch(/error TS\d+: .*node:fs/)
  })

  test('knows no process in what the adapters share', async () => {
    expect(await compile('observability/telemetry', 'process.exit()')).toMatch(
      /Cannot find name 'process'/,
    )
  })

  test.each(['process.exit()', 'Buffer.from([])'])('knows no %s in the page', async (statement) => {
    expect(await compile('observability/viewer/page', statement)).toMatch(/Cannot find name/)
  })

  test('knows no node:fs in the page', async () => {
    expect(
      await compile('observability/viewer/page', "import fs from 'node:fs'; fs.statSync('/')"),
    ).toMatch(/error TS\d+: .*node:fs/)
  })

  test('accepts what is right', async () => {
    expect(await compile('src', "export const answer = new Response('yes')")).toBe('')
  })
})

type Planted = { readonly file: string; readonly imports: string }

/** A name for a file that holds this import alone; Biome looks at the folder, not at the name. */
function nameOf({ file, imports }: Planted): string {
  return file.replace('planted', `planted-${imports.replaceAll(/[^a-z]+/gi, '-')}`)
}

/** Lints a project that consists of these imports, under our own rules; gives the files that were caught. */
async function lintPlanted(all: readonly Planted[]): Promise<ReadonlySet<string>> {
  const said = await lintFiles(
    Object.fromEntries(all.map((planted) => [nameOf(planted), `import '${planted.imports}'\n`])),
  )
  return new Set(
    [...said.matchAll(/^(\S+?):\d+:\d+ lint\/style\/noRestrictedImports/gm)].map(
      ([, file]) => file ?? '',
    ),
  )
}

async function readRules(): Promise<{ readonly overrides: readonly unknown[] }> {
  return JSON.parse(await readFile(join(projectFolder, 'biome.json'), 'utf8'))
}

/** What Biome says of a project of these files, by their path, under our own rules. */
async function lintFiles(
  files: Readonly<Record<string, string>>,
  changed: object = {},
): Promise<string> {
  await using folder = await createFolder()
  const rules = { ...(await readRules()), vcs: { enabled: false }, ...changed }
  await writeFile(join(folder.path, 'biome.json'), JSON.stringify(rules))
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder.path, file)), { recursive: true })
    await writeFile(join(folder.path, file), text)
  }
  const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome')
  return await run([biome, 'lint', '--colors=off', '--max-diagnostics=none'], folder.path)
}

/** What TypeScript says of a file with that content in the world of `folder`; nothing when it has no objection. */
async function compile(world: string, content: string): Promise<string> {
  await using folder = await createFolder()
  await writeFile(join(folder.path, 'planted.ts'), `${content}\nexport {}\n`)
  const extended = join(projectFolder, world, 'tsconfig.json')
  await writeFile(
    join(folder.path, 'tsconfig.json'),
    JSON.stringify({ extends: extended, include: ['planted.ts'] }),
  )
  return await run(
    [join(projectFolder, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', folder.path],
    folder.path,
  )
}

/** Below the project, so that what is compiled there finds its node_modules. */
async function createFolder(
  within = join(projectFolder, 'dist'),
): Promise<AsyncDisposable & { readonly path: string }> {
  await mkdir(within, { recursive: true })
  const path = await mkdtemp(join(within, 'planted-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

function run(args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, [...args], { cwd }, (_, stdout, stderr) =>
      resolve(`${stdout}${stderr}`),
    )
  })
}
