import { existsSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join } from 'node:path'
import type { OnResolveResult, Plugin } from 'esbuild'
import * as v from 'valibot'

/**
 * How an app is bundled, where it is not as esbuild does by itself.
 *
 * @param use To run on these runtimes, or to be read in Node.
 */
export function createAppPlugins(runtimes: readonly string[], use: 'run' | 'read'): Plugin[] {
  return [
    borrowHono,
    ...(use === 'read' ? [standForPlatform] : []),
    refuseForeign(runtimes),
    ignoreNodeServer,
    leaveNativeOutside(runtimes),
  ]
}

/** As the globals `Bun` and `Deno`, too. */
export const standInFile = join(import.meta.dirname, 'bundle', 'stand-in.ts')

const platforms = [
  { pattern: /^bun(:|$)/, runtime: 'bun' },
  { pattern: /^cloudflare:/, runtime: 'workers' },
  { pattern: /^(jsr|npm|https?):/, runtime: 'deno' },
] as const

/** Hono's own for one platform, which touches that when it is imported. */
const honoOf: Readonly<Record<string, string>> = { 'hono/bun': 'bun', 'hono/deno': 'deno' }

/** What only one platform has may be imported where only that one runs it. */
function refuseForeign(runtimes: readonly string[]): Plugin {
  return {
    name: 'refuse-foreign',
    setup({ onResolve }) {
      onResolve({ filter: /^bun$|^[a-z]+:|^hono\/(bun|deno)$/ }, ({ path }) => {
        const only = honoOf[path] ?? platforms.find(({ pattern }) => pattern.test(path))?.runtime
        if (only === undefined) return undefined
        const others = runtimes.filter((name) => name !== only)
        if (others.length === 0) return path in honoOf ? undefined : { path, external: true }
        return {
          errors: [
            {
              text: `imports ${JSON.stringify(path)}, which only ${only} has, and not ${others.join(', ')}; run it there alone with --runtimes ${only}`,
            },
          ],
        }
      })
    },
  }
}

/** For an app that only its platform can run, and that is read here all the same. */
const standForPlatform: Plugin = {
  name: 'stand-for-platform',
  setup({ onResolve, onLoad }) {
    const namespace = 'stand-for-platform'
    onResolve({ filter: /^bun$|^[a-z]+:/ }, ({ path }) =>
      platforms.some(({ pattern }) => pattern.test(path)) ? { path, namespace } : undefined,
    )
    // CommonJS: nobody knows which names are asked of it.
    onLoad({ filter: /.*/, namespace }, () => ({
      contents: `module.exports = require(${JSON.stringify(standInFile)}).standIn`,
      resolveDir: import.meta.dirname,
    }))
  },
}

/**
 * The template of `create-hono` for Node listens when it is imported, which every runtime would do; it is served by the
 * adapters.
 */
const ignoreNodeServer: Plugin = {
  name: 'ignore-node-server',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@hono\/node-server$/ }, ({ path }) => ({
      path,
      namespace: 'ignore-node-server',
    }))
    onLoad({ filter: /.*/, namespace: 'ignore-node-server' }, () => ({
      contents: `const server = { on: () => server, once: () => server, close: () => server, address: () => null }
export const serve = () => server
export const createAdaptorServer = () => server
`,
    }))
  },
}

const resolving = { isOurs: true } as const

/**
 * An app for Deno may have Hono by its import map alone, which a bundler does not know, or from a registry: it gets what
 * is installed, or else ours.
 */
const borrowHono: Plugin = {
  name: 'borrow-hono',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^(npm:|jsr:@hono\/)hono(@|\/|$)/ }, ({ path, ...from }) =>
      resolve(path.replace(/^(npm:|jsr:@hono\/)hono(@[^/]*)?/, 'hono'), from),
    )
    onResolve({ filter: /^hono(\/|$)/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === resolving) return undefined
      const options = { ...from, pluginData: resolving }
      const own = await resolve(path, options)
      return own.errors.length === 0
        ? { path: own.path, sideEffects: own.sideEffects }
        : resolve(path, { ...options, resolveDir: import.meta.dirname })
    })
  },
}

const nativeManifest = v.object({
  name: v.string(),
  gypfile: v.optional(v.boolean()),
  binary: v.optional(v.unknown()),
  napi: v.optional(v.unknown()),
  dependencies: v.optional(v.record(v.string(), v.string()), {}),
})

const nativeHelpers =
  /^(bindings|node-gyp-build|prebuild-install|node-pre-gyp|@mapbox\/node-pre-gyp)$/

/** A package of machine code loads its parts from where it is: it stays there, and is imported by its path. */
function leaveNativeOutside(runtimes: readonly string[]): Plugin {
  return {
    name: 'leave-native-outside',
    setup({ onResolve, resolve }) {
      onResolve({ filter: /^[@a-z][^:]*$/i }, async ({ path, pluginData, ...from }) => {
        if (pluginData === resolving || from.resolveDir === '' || isBuiltin(path)) return undefined
        const own = await resolve(path, { ...from, pluginData: resolving })
        if (own.errors.length > 0 || own.external || !isNative(own.path)) return undefined
        return refuseOnWorkers(path, own.path, runtimes)
      })
    },
  }
}

function refuseOnWorkers(name: string, path: string, runtimes: readonly string[]): OnResolveResult {
  if (!runtimes.includes('workers')) return { path, external: true }
  return {
    errors: [
      {
        text: `imports ${JSON.stringify(name)}, which is native and which workers cannot load; leave them out with --runtimes ${runtimes.filter((one) => one !== 'workers').join(',')}`,
      },
    ],
  }
}

const known = new Map<string, boolean>()

function isNative(file: string): boolean {
  const at = file.lastIndexOf('/node_modules/')
  if (at === -1) return false
  for (let folder = dirname(file); folder.length > at; folder = dirname(folder)) {
    const path = join(folder, 'package.json')
    if (!existsSync(path)) continue
    const found = known.get(path) ?? readsNative(path, folder)
    known.set(path, found)
    return found
  }
  return false
}

function readsNative(path: string, folder: string): boolean {
  const parsed = v.safeParse(nativeManifest, JSON.parse(readFileSync(path, 'utf8')))
  if (!parsed.success) return false
  const { gypfile, binary, napi, dependencies } = parsed.output
  return (
    gypfile === true ||
    binary !== undefined ||
    napi !== undefined ||
    existsSync(join(folder, 'binding.gyp')) ||
    Object.keys(dependencies).some((name) => nativeHelpers.test(name))
  )
}
