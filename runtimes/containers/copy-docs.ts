import { copyFile, mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

// Copies the files of Swagger UI that the service serves into the folder that is named, for platforms without
// node_modules.
const { positionals } = parseArgs({ allowPositionals: true })
const folder = positionals[0] ?? 'dist/docs'
await mkdir(folder, { recursive: true })
for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js']) {
  const source = fileURLToPath(import.meta.resolve(`swagger-ui-dist/${name}`))
  await copyFile(source, join(folder, basename(source)))
}
