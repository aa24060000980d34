import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { AppOptions } from '../../src/app.ts'

/** Streams a file of Swagger UI from our copy in node_modules; null when there is no such file. */
export const readDocsFile: AppOptions['readDocsFile'] = async (name) => {
  try {
    // Not `access` first: Deno wants to be allowed to know the user for that.
    const file = await open(fileURLToPath(import.meta.resolve(`swagger-ui-dist/${name}`)))
    return Readable.toWeb(file.createReadStream())
  } catch {
    return null
  }
}
