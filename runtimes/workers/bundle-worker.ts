import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BundledPlatform, bundleAdapter } from '../application/bundle/bundle-adapter.ts'
import { replaceFile } from '../application/bundle/replace-file.ts'
import type { AppBundle } from '../application/served.ts'
import application from '../application.ts'
import { projectFolder } from '../processes/project-folder.ts'
import {
  appWorkerFolder,
  readWorkerManifest,
  sourceMapName,
  workerFolder,
} from './worker-bundle.ts'

const platform: BundledPlatform = {
  title: 'the Worker',
  entry: 'runtimes/workers/main.ts',
  kind: 'browser',
  conditions: ['workerd', 'worker', 'browser'],
  mainFields: ['browser', 'module', 'main'],
  target: 'es2024',
  besideForeign: join(import.meta.dirname, 'map-stacks.ts'),
  replaced: {
    pgpass: join(projectFolder, 'runtimes', 'application', 'bundle', 'no-password-file.ts'),
  },
}

let bundling: Promise<void> | undefined

/**
 * Bundles the Worker as it is deployed, with its static files beside it, once in a process.
 *
 * @throws StartError with the bundler's own words.
 */
export function bundleWorker(): Promise<void> {
  bundling ??= Promise.all([writeWorker(workerFolder), copyStaticFiles()]).then(() => {})
  return bundling
}

/** Bundles the Worker with the application of a bundle. */
export function bundleAppWorker(bundle: AppBundle): Promise<void> {
  return writeWorker(appWorkerFolder(bundle.folder), bundle)
}

async function writeWorker(folder: string, bundle?: AppBundle): Promise<void> {
  const { code, map } = await bundleAdapter(platform, bundle)
  if (bundle?.isForeign === true) await replaceFile(join(folder, sourceMapName), map)
  await replaceFile(join(folder, 'main.js'), code)
}

/** A Worker has no node_modules. The folder that wrangler.toml names must be there, though it may be empty. */
async function copyStaticFiles(): Promise<void> {
  const { assetsFolder } = await readWorkerManifest()
  if (assetsFolder === undefined) return
  await mkdir(assetsFolder, { recursive: true })
  const { staticFiles } = application
  if (staticFiles === undefined) return
  for (const name of staticFiles.names)
    await copyFile(
      fileURLToPath(import.meta.resolve(`${staticFiles.package}/${name}`)),
      join(assetsFolder, name),
    )
}
