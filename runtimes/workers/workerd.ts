import { randomUUID } from 'node:crypto'
import { chmod, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, relative } from 'node:path'
import type { Command, LaunchSettings } from '../launch/launcher.ts'
import { MissingRuntimeError } from '../processes/start-error.ts'
import { appWorkerFolder, readWorkerManifest, workerFolder } from './worker-bundle.ts'
import { renderWorkerdConfig } from './workerd-config.ts'

/**
 * Writes a configuration for the bundled Worker and gives the command that serves it.
 *
 * @param folder Where the configuration goes; it holds the database's password.
 */
export async function writeWorkerdConfig(
  settings: LaunchSettings,
  folder = workerFolderOf(settings),
): Promise<Command> {
  const { bundle } = settings
  const loadedPath = `/${randomUUID()}`
  const { assetsFolder, ...manifest } = await readWorkerManifest()
  const config = renderWorkerdConfig({
    manifest,
    port: settings.port,
    bundle: relative(folder, join(workerFolderOf(settings), 'main.js')),
    assetsFolder: bundle === undefined ? assetsFolder : undefined,
    databaseUrl: settings.databaseUrl,
    variables: {
      // It listens on this machine alone.
      ALLOWED_HOSTS: 'localhost',
      // Those of wrangler.toml are for a deployment.
      OTEL_RESOURCE_ATTRIBUTES: '',
      ...bundle?.variables,
      ...settings.variables,
      // Here, the clock has whole milliseconds, and does not stand still.
      RUNTIME_CLOCK: 'millisecond',
      LOADED_PATH: loadedPath,
    },
  })
  const path = join(folder, `${settings.port}.capnp`)
  await writeFile(path, config, { mode: 0o600 })
  await chmod(path, 0o600) // it holds the database's password, and an older file keeps its mode
  return { program: findWorkerd(), args: ['serve', path], env: process.env, loadedPath }
}

function workerFolderOf({ bundle }: LaunchSettings): string {
  return bundle === undefined ? workerFolder : appWorkerFolder(bundle.folder)
}

/**
 * workerd's package gives the path of its program, without types.
 *
 * @throws MissingRuntimeError if npm has no workerd for this platform.
 */
export function findWorkerd(): string {
  try {
    const found: { readonly default?: unknown } = createRequire(import.meta.url)('workerd')
    if (typeof found.default === 'string') return found.default
  } catch {
    // It looks for its platform's package when it is loaded, and throws if there is no such package.
  }
  throw new MissingRuntimeError('npm has no workerd for this platform')
}
