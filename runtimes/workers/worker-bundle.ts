import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'smol-toml'
import * as v from 'valibot'
import { projectFolder } from '../processes/project-folder.ts'
import type { WorkerManifest } from './workerd-config.ts'

/** The folder of the bundle, which `wrangler deploy` uploads as it is. */
export const workerFolder = join(projectFolder, 'dist', 'worker')

const wranglerToml = v.object({
  name: v.string(),
  compatibility_date: v.string(),
  compatibility_flags: v.optional(v.array(v.string()), []),
  vars: v.optional(v.record(v.string(), v.string()), {}),
  hyperdrive: v.optional(v.array(v.object({ binding: v.literal('HYPERDRIVE') })), []),
  assets: v.optional(v.object({ binding: v.literal('ASSETS'), directory: v.string() })),
})

/** Reads `wrangler.toml`. */
export async function readWorkerManifest(): Promise<WorkerManifest> {
  const parsed = v.parse(
    wranglerToml,
    parse(await readFile(join(projectFolder, 'wrangler.toml'), 'utf8')),
  )
  return {
    compatibilityDate: parsed.compatibility_date,
    compatibilityFlags: parsed.compatibility_flags,
    variables: parsed.vars,
    name: parsed.name,
    hasDatabase: parsed.hyperdrive.length > 0,
    assetsFolder: parsed.assets && join(projectFolder, parsed.assets.directory),
  }
}

/** Where the Worker of an app is; its bundle is in `folder`. */
export function appWorkerFolder(folder: string): string {
  return join(folder, 'worker')
}

/** Beside the Worker of an app from elsewhere, for `map-stacks.ts`. */
export const sourceMapName = 'main.js.map'
