import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

// The page is built when it is needed and not when it is published: `npm ci && npm start` then has
// it, nothing built is under version control, and no script of npm's has to run at installation.
// It takes about a second, only when a source has changed, and no network.

const projectFolder = join(import.meta.dirname, '..', '..')

/** The folder from which the collector serves the page. */
export const viewerFolder = join(projectFolder, 'dist', 'viewer')

/** The page's sources, without tests, which would cause needless builds. */
const sourceFolders = ['viewer', 'comparison', 'otlp', 'wire', 'plumbing'].map(
  (folder) => `observability/${folder}`,
)
const stampName = 'sources.sha256'

/** Folder of the report's script and style, in `viewerFolder`. */
export const reportFolderName = 'report'

/**
 * Builds the page into `dist/viewer`, unless it is there and up to date.
 *
 * Safe to call concurrently, in one process or in many: each call builds in a draft folder and swaps it in whole.
 *
 * @returns Whether it had to be built.
 */
export async function buildViewer(): Promise<boolean> {
  const stamp = hashSources()
  if (readStamp() === stamp) return false
  const { bundleReport, bundleViewer } = await import('./bundle.ts')
  const fresh = `${viewerFolder}.${process.pid}`
  await rm(fresh, { recursive: true, force: true })
  await mkdir(fresh, { recursive: true })
  try {
    await bundleViewer(fresh)
    await bundleReport(join(fresh, reportFolderName))
    await writeFile(join(fresh, stampName), stamp)
    await replaceFolder(fresh)
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
  return true
}

function readStamp(): string | undefined {
  const path = join(viewerFolder, stampName)
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

/** A folder cannot be renamed over another: for an instant it is absent, and the collector looks again. */
async function replaceFolder(fresh: string): Promise<void> {
  const old = `${fresh}.old`
  await rename(viewerFolder, old).catch(ignoreAbsence)
  // Another build may have been quicker, and is as good.
  await rename(fresh, viewerFolder).catch((error) => {
    if (!existsSync(join(viewerFolder, stampName))) throw error
  })
  await rm(old, { recursive: true, force: true })
}

function ignoreAbsence(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}

/** Hash of every source with its path, and of the lock file for the versions of bundled packages. */
function hashSources(): string {
  const hash = createHash('sha256')
  const add = (path: string) => {
    const bytes = readFileSync(join(projectFolder, path))
    hash.update(`${path} ${bytes.length}\n`).update(bytes)
  }
  for (const folder of sourceFolders) {
    const names = readdirSync(join(projectFolder, folder), { recursive: true, encoding: 'utf8' })
    for (const name of names.sort()) {
      if (/\.(?:tsx?|json|css|html|svg)$/.test(name) && !/\.(?:test|browser)\.ts$/.test(name)) {
        add(`${folder}/${name.replaceAll('\\', '/')}`)
      }
    }
  }
  if (existsSync(join(projectFolder, 'package-lock.json'))) add('package-lock.json')
  return hash.digest('hex')
}

if (process.argv[1] === import.meta.filename) {
  const since = performance.now()
  const wasBuilt = await buildViewer()
  if (wasBuilt) {
    process.stdout.write(`viewer: built in ${((performance.now() - since) / 1000).toFixed(1)} s\n`)
  }
}
