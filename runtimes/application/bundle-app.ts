import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import {
  type BuildFailure,
  type BuildOptions,
  build,
  context,
  type Message,
  type Plugin,
} from 'esbuild'
import * as v from 'valibot'
import { describeError } from '../../observability/plumbing/describe-error.ts'
import { projectFolder } from '../processes/project-folder.ts'
import { StartError } from '../processes/start-error.ts'
import type { Runtime } from '../runtime.ts'
import { createAppPlugins, standInFile } from './app-plugins.ts'

/** The app itself, as the default export of a module. */
export const bundleFileName = 'app.mjs'

/**
 * Bundles an app once for all runtimes: by its own `tsconfig.json`, with its own packages and its own Hono.
 *
 * @param file Absolute.
 * @returns The folder that holds the bundle, as `bundleFileName`.
 * @throws StartError with the place in the app, when it cannot be bundled.
 */
export async function bundleApp(file: string, runtimes: readonly Runtime[]): Promise<string> {
  if (!existsSync(file))
    throw new StartError(
      `--app: expected a file such as src/app.ts, got ${file}, which is not there`,
    )
  const folder = join(projectFolder, 'dist', 'apps', hash(file))
  await mkdir(folder, { recursive: true })
  const options = createOptions(file, folder, await readPackage(dirname(file)), runtimes)
  await build(options).catch((error) => {
    throw new StartError(`--app: ${describeFailure(error)}`, { cause: error })
  })
  return folder
}

/**
 * Bundles an app that only one platform can run, so that Node can import it: what that platform alone has is stood for.
 *
 * @returns The file.
 */
export async function bundleForReading(
  file: string,
  folder: string,
  runtimes: readonly Runtime[],
): Promise<string> {
  const { plugins: _, ...options } = createOptions(
    file,
    folder,
    await readPackage(dirname(file)),
    runtimes,
  )
  const outfile = join(folder, 'read.mjs')
  await build({
    ...options,
    outfile,
    inject: [...options.inject, standInFile],
    plugins: createAppPlugins(
      runtimes.map(({ name }) => name),
      'read',
    ),
  })
  return outfile
}

/** What a watcher of an app is told. */
export type AppWatcher = {
  /** It was bundled anew. */
  onChange(): void
  /** It changed, and cannot be bundled. */
  onFailure(sentence: string): void
}

/**
 * Bundles an app again whenever a file that it is made of changes.
 *
 * @param folder Of its bundle.
 * @returns Ends the watch.
 */
export async function watchApp(
  file: string,
  folder: string,
  runtimes: readonly Runtime[],
  { onChange, onFailure }: AppWatcher,
): Promise<() => Promise<void>> {
  const options = createOptions(file, folder, await readPackage(dirname(file)), runtimes)
  let isFirst = true
  const notify: Plugin = {
    name: 'notify',
    setup({ onEnd }) {
      onEnd(({ errors }) => {
        if (errors.length > 0) onFailure(describeMessages(errors))
        else if (!isFirst) onChange()
        isFirst = false
      })
    },
  }
  const watched = await context({ ...options, plugins: [...options.plugins, notify] })
  await watched.watch()
  return () => watched.dispose()
}

function createOptions(file: string, folder: string, named: AppName, runtimes: readonly Runtime[]) {
  return {
    stdin: {
      contents: renderEntry(file, named),
      resolveDir: dirname(file),
      sourcefile: 'application.js',
    },
    outfile: join(folder, bundleFileName),
    bundle: true,
    platform: 'node',
    target: 'es2024',
    format: 'esm',
    mainFields: ['module', 'main'],
    // The first line has Bun read the map. CommonJS asks for Node's own modules when it runs; a Worker has no URL.
    banner: {
      js: "// @bun\nimport { createRequire as createAppRequire } from 'node:module'; const require = createAppRequire(import.meta.url ?? 'file:///app.mjs');",
    },
    // An app that listens when it is imported would do so on every runtime; see `app-plugins.ts`.
    define: { 'Deno.serve': '__ignoreServe', 'Bun.serve': '__ignoreServe' },
    inject: [join(import.meta.dirname, 'bundle', 'ignore-serve.ts')],
    keepNames: true,
    sourcemap: 'linked',
    logLevel: 'silent',
    plugins: createAppPlugins(
      runtimes.map(({ name }) => name),
      'run',
    ),
  } as const satisfies BuildOptions
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/** The module that every runtime imports. Only a whole namespace may lack the exports that it is asked for. */
function renderEntry(file: string, named: AppName): string {
  const reader = join(import.meta.dirname, 'read-application.ts')
  return `import * as app from ${JSON.stringify(file)}
import { readApplication } from ${JSON.stringify(reader)}
export default readApplication(app, ${JSON.stringify(named)})
`
}

type AppName = { readonly name: string; readonly version?: string }

const manifest = v.object({ name: v.optional(v.string()), version: v.optional(v.string()) })

/** Name and version of the nearest package, or else the folder's name. */
async function readPackage(folder: string): Promise<AppName> {
  for (let at = folder; at !== dirname(at); at = dirname(at)) {
    const text = await readFile(join(at, 'package.json'), 'utf8').catch(() => null)
    if (text === null) continue
    const parsed = v.safeParse(manifest, JSON.parse(text))
    if (!parsed.success) continue
    const { name = basename(at), version } = parsed.output
    return { name: toName(name), ...(version !== undefined && { version }) }
  }
  return { name: toName(basename(folder)) }
}

function toName(text: string): string {
  const name = text.replace(/[^a-z\d]+/gi, '-').replace(/^-+|-+$/g, '')
  return name.slice(0, 60) || 'app'
}

const shownMax = 5

function describeFailure(error: unknown): string {
  if (!isBuildFailure(error)) return describeError(error)
  return describeMessages(error.errors)
}

function describeMessages(messages: readonly Message[]): string {
  return messages.slice(0, shownMax).map(describeMessage).join('\n  ')
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors)
}

function describeMessage({ text, location }: Message): string {
  return location === null ? text : `${location.file}:${location.line}: ${text}`
}
