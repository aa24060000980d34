import { copyFile, mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import application from '../application.ts'

// Copies the application's static files into the folder that is named, for platforms without node_modules.
const { positionals } = parseArgs({ allowPositionals: true })
const folder = positionals[0] ?? 'dist/docs'
await mkdir(folder, { recursive: true })
const { staticFiles } = application
for (const name of staticFiles?.names ?? []) {
  const source = fileURLToPath(import.meta.resolve(`${staticFiles?.package}/${name}`))
  await copyFile(source, join(folder, basename(source)))
}
