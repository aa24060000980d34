import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** One built file of the page, ready to be sent. */
export type PageFile = {
  readonly contentType: string
  readonly etag: string
  readonly body: Uint8Array
  readonly gzipped: Uint8Array
}

/** The page's built files by their path from the folder, such as `assets/index-abc123.js`. */
export type PageFiles = ReadonlyMap<string, PageFile>

const contentTypes: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
])

const filesMax = 64
const fileBytesMax = 4 * 1024 * 1024

/**
 * Gives what stands in a folder of built files, and reads it again when it was built anew.
 *
 * All of it is held in memory: it is some 100 kB, a request then never leads to a path of the file
 * system, and a page that is rebuilt below a running collector changes as a whole. `undefined` while
 * there is no `index.html`, so that a collector may be started before the build has ended.
 */
export function createPageFiles(folder: string): () => PageFiles | undefined {
  let builtMillis = Number.NaN
  let files: PageFiles | undefined
  return () => {
    const millis = readBuildMillis(folder)
    if (millis !== builtMillis) {
      files = millis === undefined ? undefined : readFiles(folder)
      builtMillis = millis ?? Number.NaN
    }
    return files
  }
}

function readBuildMillis(folder: string): number | undefined {
  return statSync(join(folder, 'index.html'), { throwIfNoEntry: false })?.mtimeMs
}

/** `undefined` when the folder goes away meanwhile, as it does when a build takes its place. */
function readFiles(folder: string): PageFiles | undefined {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    const files = new Map<string, PageFile>()
    for (const name of names.map((path) => path.replaceAll('\\', '/'))) {
      const contentType = contentTypes.get(extname(name))
      if (contentType === undefined || files.size >= filesMax) continue
      if (name !== 'index.html' && !name.startsWith('assets/')) continue
      const body = readFileSync(join(folder, name))
      if (body.length > fileBytesMax) continue
      const digest = createHash('sha256').update(body).digest('base64url')
      const etag = `"${digest.slice(0, 22)}"`
      files.set(name, { contentType, etag, body, gzipped: gzipSync(body) })
    }
    return files
  } catch {
    return undefined
  }
}
