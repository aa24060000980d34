import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Application, Given } from '../application/define-application.ts'

/**
 * Streams an application's static files from our copy of their package; null when there is no such file.
 *
 * @param bundle That of an app from elsewhere, which has them beside it.
 */
export function createStaticFileReader(
  { staticFiles }: Pick<Application, 'staticFiles'>,
  bundle?: string,
): Given['readStaticFile'] {
  return async (name) => {
    if (staticFiles?.names.includes(name) !== true) return null
    try {
      // Not `access` first: Deno wants to be allowed to know the user for that.
      const file = await open(
        bundle === undefined
          ? fileURLToPath(import.meta.resolve(`${staticFiles.package}/${name}`))
          : join(dirname(bundle), 'static', name),
      )
      return Readable.toWeb(file.createReadStream())
    } catch {
      return null
    }
  }
}
