import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, relative } from 'node:path'
import type { AppBundle } from '../application/served.ts'
import type { Command, LaunchSettings } from '../launch/launcher.ts'
import { MissingRuntimeError } from '../processes/start-error.ts'
import {
  appWorkerFolder,
  readWorkerManifest,
  sourceMapName,
  workerFolder,
} from './worker-bundle.ts'
import { renderWorkerdConfig } from './workerd-config.ts'

type WorkerSettings = Omit<LaunchSettings, 'bundle'> & {
  readonly bundle?: (Pick<AppBundle, 'folder' | 'variables'> & Partial<AppBundle>) | undefined
}

/**
 * Writes a configuration for the bundled Worker and gives the command that serves it.
 *
 * @param folder Where the configuration goes; it holds the database's password.
 */
export async function writeWorkerdConfig(
  settings: WorkerSettings,
  folder = workerFolderOf(settings),
): Promise<Command & { readonly loadedPath: string }> {
  const { bundle } = settings
  const loadedPath = `/${randomUUID()}`
  const { assetsFolder, ...manifest } = await readWorkerManifest()
  const config = renderWorkerdConfig({
    manifest,
    port: settings.port,
    bundle: relative(folder, join(workerFolderOf(settings), 'main.js')),
    sourceMap:
      bundle?.isForeign === true
        ? relative(folder, join(workerFolderOf(settings), sourceMapName))
        : undefined,
    assetsFolder: bundle === undefined ? assetsFolder : findAssets(bundle.folder),
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

/** The static files of an app from elsewhere. */
function findAssets(folder: string): string | undefined {
  const files = join(folder, 'static')
  return existsSync(files) ? files : undefined
}

function workerFolderOf({ bundle }: WorkerSettings): string {
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
