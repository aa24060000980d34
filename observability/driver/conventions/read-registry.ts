import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseRegistry, type Registry } from '../../comparison/conventions/registry/registry.ts'

/** One file for each version, such as `1.44.json`. */
export const registriesFolder = join(
  import.meta.dirname,
  '../../comparison/conventions/registry/registries',
)

/** The version that the adapters here follow. */
export const conventionsDefault = '1.44'

/**
 * Reads a version of the semantic conventions.
 *
 * @throws That says which versions there are, and how to make another.
 */
export async function readRegistry(version: string): Promise<Registry> {
  const names = (await readdir(registriesFolder))
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
  if (!names.includes(version))
    throw new Error(
      `expected a version of the conventions that is here (${names.join(', ')}), got ${JSON.stringify(version)}; npm run conventions -- FOLDER makes another out of a model's YAML`,
    )
  return parseRegistry(
    JSON.parse(await readFile(join(registriesFolder, `${version}.json`), 'utf8')),
  )
}
