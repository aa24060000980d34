import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { startChild } from '../../../runtimes/processes/child.ts'
import { projectFolder } from '../../../runtimes/processes/project-folder.ts'
import manifest from '../package.json' with { type: 'json' }

/** An empty project with the package installed from its tarball. */
export type PackedProject = AsyncDisposable & {
  readonly folder: string
  /** Runs a program there to its end, which has to be a good one, and gives its lines. */
  run(
    program: string,
    args: readonly string[],
    variables?: Readonly<Record<string, string>>,
  ): Promise<readonly string[]>
}

/**
 * Packs the package as `npm pack` does, and installs it as `npm install` does. Its dependencies are links to those of the
 * repository: npm asks no registry, and removes each that the manifest does not name.
 *
 * @param packages What the project itself has beside Hono.
 */
export async function createPackedProject(packages: readonly string[]): Promise<PackedProject> {
  const folder = await mkdtemp(join(tmpdir(), 'packed-'))
  const project: PackedProject = {
    folder,
    run: (program, args, variables) => runIn(folder, program, args, variables),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
  await writeFile(join(folder, 'package.json'), '{"name":"shop","private":true,"type":"module"}')
  await link(folder, ['hono', ...Object.keys(manifest.dependencies)])
  const telemetry = join(projectFolder, 'observability', 'telemetry')
  await project.run('npm', ['pack', telemetry, '--silent'])
  const tarball = `./${manifest.name}-${manifest.version}.tgz`
  const quiet = ['--offline', '--no-save', '--no-audit', '--no-fund', '--silent']
  await project.run('npm', ['install', tarball, ...quiet])
  await link(folder, packages)
  return project
}

/** Writes what the README shows, by the file names in its first lines. */
export async function writeReadme(
  folder: string,
  replace: (code: string) => string,
): Promise<void> {
  const text = await readFile(join(import.meta.dirname, '..', 'README.md'), 'utf8')
  for (const [, name = '', code = ''] of text.matchAll(/```ts\n\/\/ (\S+)\n(.*?)```/gs))
    await writeFile(join(folder, name), replace(code))
}

async function link(folder: string, packages: readonly string[]): Promise<void> {
  for (const name of packages) {
    const path = join(folder, 'node_modules', name)
    await mkdir(dirname(path), { recursive: true })
    await symlink(join(projectFolder, 'node_modules', name), path, 'junction')
  }
}

async function runIn(
  cwd: string,
  program: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const lines: string[] = []
  const child = await startChild({
    program,
    args,
    cwd,
    // npm runs scripts by the `node` that it finds: this one, not the machine's.
    env: {
      ...process.env,
      ...variables,
      PATH: [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter),
    },
    onLine: (line) => lines.push(line),
  })
  const end = await child.ended
  if (end !== 'exit code 0')
    throw new Error(`${program} ${args.join(' ')}: ${end}\n${lines.join('\n')}`)
  return lines
}
