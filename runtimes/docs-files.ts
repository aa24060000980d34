import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { AppOptions } from '../src/app.ts'

/** Reads a file of Swagger UI from our copy in node_modules; null when there is no such file. */
export const readDocsFile: AppOptions['readDocsFile'] = async (name) => {
  try {
    return await readFile(fileURLToPath(import.meta.resolve(`swagger-ui-dist/${name}`)))
  } catch {
    return null
  }
}
