import { parse } from 'yaml'
import type { ConfigFile } from './locate-error.ts'

/** What a name in a pipeline may stand for: a connector ends one pipeline and begins another. */
const sections = {
  receivers: ['receivers', 'connectors'],
  processors: ['processors'],
  exporters: ['exporters', 'connectors'],
} as const

const known = ['receivers', 'processors', 'exporters', 'connectors', 'extensions', 'service']

/**
 * What of these files, each laid over those before it, no Collector could start with, as far as one
 * can tell without a Collector: names that stand for nothing.
 *
 * It includes what `otelcol validate` 0.165 does not see and the Collector then ends on: a queue whose
 * storage is not among the started extensions.
 *
 * @returns a message in the Collector's own way, for `locateError`, or `undefined`.
 * @throws YAMLParseError when a file is not YAML.
 */
export function findLostReference(files: readonly ConfigFile[]): string | undefined {
  const root = files.reduce<unknown>((merged, { text }) => mergeMaps(merged, parse(text)), {})
  const unknown = keysOf(root).find((key) => !known.includes(key))
  if (unknown !== undefined) return `has invalid keys: ${unknown}`
  const pipelines = readPath(root, 'service', 'pipelines')
  if (keysOf(pipelines).length === 0) return 'service::pipelines: must have at least one pipeline'
  for (const pipeline of keysOf(pipelines)) {
    for (const [kind, places] of Object.entries(sections)) {
      const names = readNames(readPath(pipelines, pipeline, kind))
      const lost = names.find((name) => !places.some((place) => has(readPath(root, place), name)))
      if (lost !== undefined) {
        const what = kind.slice(0, -1)
        return `service::pipelines::${pipeline}: references ${what} "${lost}" which is not configured`
      }
    }
  }
  return findLostExtension(root)
}

function findLostExtension(root: unknown): string | undefined {
  const started = readNames(readPath(root, 'service', 'extensions'))
  const lost = started.find((name) => !has(readPath(root, 'extensions'), name))
  if (lost !== undefined) {
    return `service::extensions: references extension "${lost}" which is not configured`
  }
  const exporters = readPath(root, 'exporters')
  for (const name of keysOf(exporters)) {
    const storage = readPath(exporters, name, 'sending_queue', 'storage')
    if (typeof storage === 'string' && !started.includes(storage)) {
      return `exporters: "${name}": 'sending_queue' references storage "${storage}", which is not among service::extensions`
    }
  }
  return undefined
}

/** As the Collector merges its files: maps by key, everything else is replaced. */
function mergeMaps(under: unknown, over: unknown): unknown {
  if (!isMap(under) || !isMap(over)) return over === undefined ? under : over
  const merged = new Map(Object.entries(under))
  for (const [key, value] of Object.entries(over))
    merged.set(key, mergeMaps(merged.get(key), value))
  return Object.fromEntries(merged)
}

function readPath(root: unknown, ...path: readonly string[]): unknown {
  let value = root
  for (const name of path) value = isMap(value) && has(value, name) ? value[name] : undefined
  return value
}

function readNames(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}

function keysOf(value: unknown): readonly string[] {
  return isMap(value) ? Object.keys(value) : []
}

function has(value: unknown, name: string): boolean {
  return isMap(value) && Object.hasOwn(value, name)
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
