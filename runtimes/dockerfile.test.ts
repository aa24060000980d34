import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startChild } from './child.ts'
import { findFreePort } from './free-port.ts'
import { findBun, findDeno } from './programs.ts'
import { projectFolder } from './project-folder.ts'

// No container is built here. What its recipe says is done by hand instead: the files that it copies, alone in a
// folder, the command that it runs, its health check; and that the packages it installs are all that is needed.

const stages = [
  { name: 'node', program: () => process.execPath },
  { name: 'deno', program: findDeno },
  { name: 'bun', program: findBun },
] as const

let dockerfile: string
let folder: string
beforeAll(async () => {
  dockerfile = await readFile(join(projectFolder, 'Dockerfile'), 'utf8')
  folder = await mkdtemp(join(tmpdir(), 'todo-image-'))
  for (const [, from = '', to = ''] of dockerfile.matchAll(/^COPY (?!--from)(.+) (\S+)$/gm))
    for (const source of from.split(' ')) {
      const target = join(folder, to === './' ? source : to)
      await mkdir(dirname(target), { recursive: true })
      await cp(join(projectFolder, source), target, { recursive: true })
    }
  await symlink(join(projectFolder, 'node_modules'), join(folder, 'node_modules'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** The instruction of a stage that ends it, such as CMD, as its list of arguments. */
function readInstruction(stage: string, instruction: string): readonly string[] {
  const text = dockerfile.split(/^FROM .* AS /m).find((part) => part.startsWith(`${stage}\n`)) ?? ''
  const list = new RegExp(`^${instruction}.*?(\\[.*\\])$`, 'm').exec(text)?.[1] ?? '[]'
  return JSON.parse(list)
}

describe.each(stages)('$name', ({ name, program }) => {
  test('what is copied runs by the command that is given, and its health check agrees', async () => {
    const [, ...args] = readInstruction(name, 'CMD')
    const [, ...check] = readInstruction(name, 'HEALTHCHECK')
    const port = await findFreePort()
    const env = {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: String(port),
      DATABASE_URL: process.env.TEST_DATABASE_URL,
      OTEL_SDK_DISABLED: 'true',
    }
    const isHealthy = async () => {
      const checked = await startChild({
        program: program(),
        args: check,
        env,
        cwd: folder,
        onLine: () => {},
      })
      return checked.ended
    }
    const lines: string[] = []
    const service = await startChild({
      program: program(),
      args,
      env,
      cwd: folder,
      onLine: (line) => lines.push(line),
    })
    await expect.poll(() => lines.join('\n'), { timeout: 10_000 }).toContain('service.started')
    const healthy = await isHealthy()
    await service.stop()

    expect(healthy).toBe('exit code 0')
    expect(await service.ended).toBe('exit code 0')
    expect(await isHealthy()).not.toBe('exit code 0')
  })

  test('needs no package that is not installed in the image', async () => {
    const { dependencies } = JSON.parse(await readFile(join(projectFolder, 'package.json'), 'utf8'))
    const { metafile } = await build({
      entryPoints: [join(projectFolder, 'runtimes', name, 'main.ts')],
      bundle: true,
      packages: 'external',
      format: 'esm',
      platform: 'node',
      write: false,
      metafile: true,
    })
    const imported = Object.values(metafile.inputs)
      .flatMap(({ imports }) => imports.filter(({ external }) => external))
      .map(({ path }) => path)
      .filter((path) => !path.startsWith('node:') && !builtinModules.includes(path))
      .map((path) =>
        path
          .split('/')
          .slice(0, path.startsWith('@') ? 2 : 1)
          .join('/'),
      )

    expect(imported.length).toBeGreaterThan(5)
    expect([...new Set(imported)].filter((name) => !(name in dependencies))).toEqual([])
  })
})
