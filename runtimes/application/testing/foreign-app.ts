import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { findFreePort } from '../../../observability/plumbing/find-free-port.ts'
import { projectFolder } from '../../processes/project-folder.ts'
import type { Runtime } from '../../runtime.ts'
import { type Stack, startStack } from '../../start/stack.ts'
import { readServed } from '../read-served.ts'

export type ForeignApp = AsyncDisposable & {
  /** Of the app. */
  readonly file: string
  readonly folder: string
}

/** An app in a folder of its own, with packages of its own. */
export async function writeForeignApp(
  files: Readonly<Record<string, string>>,
  packages: readonly string[] = ['hono'],
): Promise<ForeignApp> {
  const folder = await mkdtemp(join(tmpdir(), 'own-app-'))
  for (const name of packages)
    await cp(join(projectFolder, 'node_modules', name), join(folder, 'node_modules', name), {
      recursive: true,
    })
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
  return {
    folder,
    file: join(folder, Object.keys(files)[0] ?? ''),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

export type RunningApp = Stack & AsyncDisposable & { readonly lines: readonly string[] }

/** Runs it as `npm start` does, on ports that are free. */
export async function startForeignApp(
  app: string,
  runtimes: readonly Runtime[],
  variables: Readonly<Record<string, string>> = {},
): Promise<RunningApp> {
  const served = await readServed({ app, variables }, runtimes)
  const ports = new Map<string, number>()
  for (const { name } of runtimes) ports.set(name, await findFreePort())
  const lines: string[] = []
  const folder = await mkdtemp(join(tmpdir(), 'own-app-data-'))
  await chmod(folder, 0o755) // PostgreSQL may run as another user
  const stack = await startStack({
    served,
    runtimes,
    ports,
    database: { kind: 'embedded', folder, port: await findFreePort() },
    collector: { kind: 'embedded', port: await findFreePort(), args: ['--no-keep'] },
    variables: {
      OTEL_BSP_SCHEDULE_DELAY: '100',
      OTEL_BLRP_SCHEDULE_DELAY: '100',
      REQUEST_LINES: 'true',
    },
    onLine: (part, line) => lines.push(`${part}: ${line}`),
    onMissing: () => {},
    onReady: (part) => lines.push(`${part} ready`),
  })
  return {
    ...stack,
    lines,
    async [Symbol.asyncDispose]() {
      await stack.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
