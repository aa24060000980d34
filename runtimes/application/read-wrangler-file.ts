import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { parse } from 'smol-toml'
import * as v from 'valibot'
import { describeError } from '../../observability/plumbing/describe-error.ts'
import { StartError } from '../processes/start-error.ts'

/** What an app's own wrangler file says, as far as it matters here. */
export type WranglerFile = {
  /** `[vars]`, as text. */
  readonly variables: Readonly<Record<string, string>>
  /** What it names and nothing here can bring, a sentence each. */
  readonly notes: readonly string[]
}

const fileNames = ['wrangler.jsonc', 'wrangler.json', 'wrangler.toml']

const bound = v.object({ binding: v.optional(v.string()), name: v.optional(v.string()) })
const manifest = v.looseObject({
  vars: v.optional(v.record(v.string(), v.unknown()), {}),
})

/**
 * Reads the wrangler file beside an app, or in a folder above it up to its package.
 *
 * @throws StartError when there is one that cannot be read.
 */
export async function readWranglerFile(appFile: string): Promise<WranglerFile> {
  for (let folder = dirname(appFile); ; folder = dirname(folder)) {
    for (const name of fileNames) {
      const path = join(folder, name)
      const text = await readFile(path, 'utf8').catch(() => null)
      if (text !== null) return parseWranglerFile(path, text)
    }
    const isRoot = await readFile(join(folder, 'package.json')).then(
      () => true,
      () => folder === dirname(folder),
    )
    if (isRoot) return { variables: {}, notes: [] }
  }
}

async function parseWranglerFile(path: string, text: string): Promise<WranglerFile> {
  try {
    const parsed = v.parse(manifest, path.endsWith('.toml') ? parse(text) : await readJsonc(text))
    const variables = Object.entries(parsed.vars).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ])
    const bindings = Object.entries(parsed).flatMap(([kind, value]) =>
      listBindings(value).map((name) => `${name} (${kind})`),
    )
    return {
      variables: Object.fromEntries(variables),
      notes: [
        ...(bindings.length === 0
          ? []
          : [
              `${basename(path)} names ${bindings.join(', ')}: nothing here can bring these, on workers or elsewhere, and c.env lacks them`,
            ]),
        ...['assets', 'site', 'pages_build_output_dir']
          .filter((kind) => kind in parsed)
          .map((kind) => `${basename(path)} has ${kind}: its files are not served here`),
      ],
    }
  } catch (cause) {
    throw new StartError(`${path}: ${describeError(cause)}`, { cause })
  }
}

/** JSON with comments is a literal of JavaScript. */
async function readJsonc(text: string): Promise<unknown> {
  const url = `data:text/javascript,${encodeURIComponent(`export default ${text}`)}`
  const module: { readonly default: unknown } = await import(url)
  return module.default
}

/** Whatever has a `binding`, in a list or alone, and what durable objects and queues have below. */
function listBindings(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(listBindings)
  if (typeof value !== 'object' || value === null) return []
  const { binding, name } = v.is(bound, value) ? value : {}
  if (binding !== undefined) return [binding]
  if ('class_name' in value && name !== undefined) return [name]
  return ['bindings', 'producers'].flatMap((key) => listBindings(Reflect.get(value, key)))
}
