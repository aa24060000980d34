import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { escapeLines } from '../../observability/plumbing/escape-controls.ts'
import { StartError } from '../processes/start-error.ts'
import type { Runtime } from '../runtime.ts'
import { bundleApp, bundleFileName, bundleForReading } from './bundle-app.ts'
import { copyStaticFiles } from './copy-static-files.ts'
import type { Application, Given } from './define-application.ts'
import { describeAppError } from './describe-app-error.ts'
import { readWranglerFile } from './read-wrangler-file.ts'
import type { Served } from './served.ts'

/** An app that awaits something at its top has so long. */
const importMillisMax = 10_000

/**
 * Bundles an app and imports it into this process too, which has to know its name, its database and its routes.
 *
 * @param variables For the app, on every runtime.
 * @throws StartError with what was expected.
 */
export async function readForeignApp(
  app: string,
  variables: Readonly<Record<string, string>>,
  runtimes: readonly Runtime[],
): Promise<Served> {
  const file = resolve(app)
  const folder = await bundleApp(file, runtimes)
  const bundled = join(folder, bundleFileName)
  const isOnlyElsewhere = runtimes.every(({ name }) => ['bun', 'deno', 'workers'].includes(name))
  const readable =
    runtimes.length === 1 && isOnlyElsewhere
      ? await bundleForReading(file, folder, runtimes)
      : bundled
  const wrangler = await readWranglerFile(file)
  const all = { ...wrangler.variables, ...variables }
  Object.assign(process.env, all)
  // So that a stack names the file that the person wrote, and not the bundle.
  process.setSourceMapsEnabled(true)
  const fail = (cause: unknown): never => {
    throw new StartError(`--app ${app}: ${describeAppError(cause)}`, { cause })
  }
  const imported = await importApplication(app, readable).catch(fail)
  const application: Application = {
    ...imported,
    create(given: Given) {
      try {
        return imported.create(given)
      } catch (cause) {
        return fail(cause)
      }
    },
  }
  await copyStaticFiles(file, application, join(folder, 'static'))
  return {
    application,
    bundle: { name: application.name, file: bundled, folder, variables: all, isForeign: true },
    notes: wrangler.notes,
  }
}

async function importApplication(app: string, file: string): Promise<Application> {
  const inTime = new AbortController()
  const before = countServers()
  const onExit = (code: number) => {
    process.stderr.write(
      escapeLines(
        `--app ${app}: ends the process when it is imported (process.exit, code ${code})\n`,
      ),
    )
    process.exitCode = 2
  }
  process.once('exit', onExit)
  try {
    const module: { readonly default: Application } = await Promise.race([
      // Another each time, as a module is imported once.
      import(`${pathToFileURL(file).href}?${Date.now()}`),
      delay(importMillisMax, undefined, inTime).then(() => {
        throw new Error(`was not read within ${importMillisMax / 1000} s; what does it await?`)
      }),
    ])
    if (countServers() > before)
      throw new Error(
        'opens a port when it is imported, which every runtime would open too; leave that to the runtimes, and export the app',
      )
    return module.default
  } finally {
    inTime.abort()
    process.off('exit', onExit)
  }
}

/** Servers that this process has open. */
function countServers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length
}
