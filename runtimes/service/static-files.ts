import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Application, Given } from '../application/define-application.ts'

/** Streams an application's static files from our copy of their package; null when there is no such file. */
export function createStaticFileReader({
  staticFiles,
}: Pick<Application, 'staticFiles'>): Given['readStaticFile'] {
  return async (name) => {
    if (staticFiles?.names.includes(name) !== true) return null
    try {
      // Not `access` first: Deno wants to be allowed to know the user for that.
      const file = await open(fileURLToPath(import.meta.resolve(`${staticFiles.package}/${name}`)))
      return Readable.toWeb(file.createReadStream())
    } catch {
      return null
    }
  }
}
