import { readFileSync } from 'node:fs'
import { parseRegistry, type Registry } from '../conventions/registry/registry.ts'

/** The registry that is kept here. */
export function readRegistryFile(): Registry {
  const path = new URL('../conventions/registry/registries/1.44.json', import.meta.url)
  return parseRegistry(JSON.parse(readFileSync(path, 'utf8')))
}
