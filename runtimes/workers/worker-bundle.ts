import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { parse } from 'smol-toml'
import * as v from 'valibot'
import { startChild } from '../processes/child.ts'
import { projectFolder } from '../processes/project-folder.ts'
import { StartError } from '../processes/start-error.ts'
import { sweepDrafts } from '../processes/sweep-drafts.ts'
import type { WorkerManifest } from './workerd-config.ts'

/** The folder of the bundle that `wrangler deploy --dry-run` makes. */
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

/** No question, no banner, and no word to anybody over the network. */
const quietWrangler = {
  CI: '1',
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_SEND_ERROR_REPORTS: 'false',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  WRANGLER_HIDE_BANNER: 'true',
  DO_NOT_TRACK: '1',
  NO_COLOR: '1',
  WRANGLER_LOG_PATH: join(projectFolder, 'dist', 'wrangler-logs'),
}

let bundling: Promise<void> | undefined

/**
 * Bundles the Worker exactly as a deployment would, once in a process.
 *
 * @throws StartError with wrangler's own words.
 */
export function bundleWorker(): Promise<void> {
  bundling ??= runWrangler()
  return bundling
}

/** Where the Worker of an app is; its bundle is in `folder`. */
export function appWorkerFolder(folder: string): string {
  return join(folder, 'worker')
}

function pathWithThisNode(): string {
  return [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter)
}

async function runWrangler(): Promise<void> {
  const require = createRequire(import.meta.url)
  const wrangler = join(require.resolve('wrangler/package.json'), '..', 'bin', 'wrangler.js')
  const draft = `${workerFolder}.${process.pid}`
  const lines: string[] = []
  await sweepDrafts(workerFolder)
  const child = await startChild({
    program: process.execPath,
    args: [wrangler, 'deploy', '--dry-run', '--outdir', draft],
    cwd: projectFolder,
    // wrangler runs the build command of `wrangler.toml` by the `node` it finds: this one, not the machine's.
    env: { ...process.env, ...quietWrangler, PATH: pathWithThisNode() },
    onLine: (line) => lines.push(line),
  })
  const end = await child.ended
  if (end === 'exit code 0') {
    // Another start may serve the bundle of before at this moment: it is replaced at once or not at all.
    await mkdir(workerFolder, { recursive: true })
    await rename(join(draft, 'main.js'), join(workerFolder, 'main.js'))
  }
  await rm(draft, { recursive: true, force: true })
  if (end !== 'exit code 0')
    throw new StartError(
      `wrangler could not bundle the Worker (${end}):\n${lines.slice(-20).join('\n')}`,
    )
}
