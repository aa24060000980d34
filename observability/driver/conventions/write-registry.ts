import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { parse } from 'yaml'
import { buildRegistry } from '../../comparison/conventions/registry/build-registry.ts'
import type { RegistryData } from '../../comparison/conventions/registry/registry.ts'
import { describeError } from '../../plumbing/describe-error.ts'
import { registriesFolder } from './read-registry.ts'

/** A model has about 250 files of YAML. */
const filesMax = 2000

/** A registry larger than this was made of something else. */
export const registryBytesMax = 160 * 1024

const usage = `Makes a registry of the semantic conventions anew, out of a model's YAML.

  npm run conventions -- FOLDER

FOLDER is \`model\` of github.com/open-telemetry/semantic-conventions at the version that you want.
`

/**
 * Reads all YAML below a folder, and makes a registry of it.
 *
 * @throws That names the file that is not as it should be.
 */
export async function readModel(folder: string): Promise<RegistryData> {
  const entries = await readdir(folder, { recursive: true, encoding: 'utf8' })
  const paths = entries.filter((path) => /\.ya?ml$/.test(path)).sort()
  if (paths.length > filesMax)
    throw new Error(`${folder}: expected at most ${filesMax} files of YAML, got ${paths.length}`)
  const documents = await Promise.all(
    paths.map(async (path) => {
      try {
        return { path, content: parse(await readFile(join(folder, path), 'utf8')) as unknown }
      } catch (cause) {
        throw new Error(`${path}: ${describeError(cause)}`, { cause })
      }
    }),
  )
  const manifest = documents.find(({ path }) => path === 'manifest.yaml')?.content
  return buildRegistry(readVersion(manifest, folder), documents)
}

function readVersion(manifest: unknown, folder: string): string {
  const url: unknown =
    typeof manifest === 'object' && manifest !== null ? Reflect.get(manifest, 'schema_url') : ''
  const [, version] = /\/(\d+\.\d+\.\d+[\w.-]*)$/.exec(String(url)) ?? []
  if (version !== undefined) return version
  throw new Error(
    `${join(folder, 'manifest.yaml')}: expected a schema_url that ends in a version, got ${JSON.stringify(url)}`,
  )
}

/** One line for each name, so that two versions can be read side by side. */
export function renderRegistry({ format, version, ...rest }: RegistryData): string {
  const sections = Object.entries(rest).map(([section, entries]) => {
    const lines = Object.entries(entries).map(
      ([name, rule]) => `${JSON.stringify(name)}:${JSON.stringify(rule)}`,
    )
    return `${JSON.stringify(section)}:{\n${lines.join(',\n')}\n}`
  })
  const head = `"format":${JSON.stringify(format)},"version":${JSON.stringify(version)}`
  return `{${head},\n${sections.join(',\n')}}\n`
}

async function main([folder]: readonly string[]): Promise<void> {
  if (folder === undefined || folder.startsWith('-')) {
    process.stdout.write(usage)
    return
  }
  const registry = await readModel(folder)
  const text = renderRegistry(registry)
  if (text.length > registryBytesMax)
    throw new Error(`expected at most ${registryBytesMax} bytes, got ${text.length}`)
  const name = registry.version.split('.').slice(0, 2).join('.')
  const path = join(registriesFolder, `${name}.json`)
  await writeFile(path, text)
  process.stdout.write(
    `${relative(process.cwd(), path)}: ${Object.keys(registry.attributes).length} attributes of ${registry.version}, ${text.length} bytes\n`,
  )
}

if (process.argv[1] === import.meta.filename) {
  try {
    await main(process.argv.slice(2))
  } catch (error) {
    process.stderr.write(`${describeError(error)}\n`)
    process.exitCode = 2
  }
}
