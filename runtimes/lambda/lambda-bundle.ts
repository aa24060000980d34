import { existsSync } from 'node:fs'
import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { strToU8, type Zippable, zipSync } from 'fflate'
import { type AdapterBundle, bundleAdapter } from '../application/bundle/bundle-adapter.ts'
import { replaceFile } from '../application/bundle/replace-file.ts'
import type { AppBundle } from '../application/served.ts'
import application from '../application.ts'
import { projectFolder } from '../processes/project-folder.ts'
import { functionArchive, functionFolder } from './function-archive.ts'

/** A file of the function by its path in it. */
type FunctionFiles = ReadonlyMap<string, Uint8Array>

let bundling: Promise<void> | undefined

/**
 * Bundles the function and writes its folder and its archive, once in a process.
 *
 * @throws StartError with the bundler's own words.
 */
export function bundleLambda(): Promise<void> {
  bundling ??= writeBundle()
  return bundling
}

/** The newest Node that AWS Lambda offers; `npm ci` may bring a newer one. */
export const lambdaNodeMajor = 24

/** Where the function of an app is, as Lambda would unpack it; its bundle is in `folder`. */
export function appFunctionFolder(folder: string): string {
  return join(folder, 'lambda')
}

/**
 * Bundles the function with the application of a bundle instead of the repository's.
 *
 * @throws StartError with the bundler's own words.
 */
export async function bundleAppLambda(bundle: AppBundle): Promise<void> {
  const { code, map } = await bundleHandler(bundle)
  const folder = appFunctionFolder(bundle.folder)
  const files = join(bundle.folder, 'static')
  if (existsSync(files)) await cp(files, join(folder, 'docs'), { recursive: true })
  await replaceFile(join(folder, 'index.mjs.map'), map)
  await replaceFile(join(folder, 'index.mjs'), `${code}\n//# sourceMappingURL=index.mjs.map\n`)
}

async function writeBundle(): Promise<void> {
  const { code, map } = await bundleHandler()
  const files: FunctionFiles = new Map([['index.mjs', strToU8(code)], ...(await readDocsFiles())])
  for (const [path, content] of files) await replaceFile(join(functionFolder, path), content)
  await replaceFile(join(projectFolder, 'dist', 'lambda.mjs.map'), map)
  await replaceFile(functionArchive, zipFiles(files))
}

function bundleHandler(bundle?: AppBundle): Promise<AdapterBundle> {
  return bundleAdapter(
    {
      title: 'the Lambda function',
      entry: 'runtimes/lambda/main.ts',
      kind: 'node',
      conditions: ['node'],
      mainFields: ['module', 'main'],
      target: `node${lambdaNodeMajor}`,
    },
    bundle,
  )
}

/** The application's static files, which `main.ts` reads from the bundle's folder. */
async function readDocsFiles(): Promise<readonly (readonly [string, Uint8Array])[]> {
  const { staticFiles } = application
  return Promise.all(
    (staticFiles?.names ?? []).map(async (name) => {
      const path = fileURLToPath(import.meta.resolve(`${staticFiles?.package}/${name}`))
      return [`docs/${name}`, await readFile(path)] as const
    }),
  )
}

/** The oldest date that an archive can say: the same files give the same bytes, and Lambda's own hash of them. */
const archiveDate = new Date(1980, 0, 1)

/** Unix, and readable for all: Lambda runs a function as another user. */
const archiveMode = { os: 3, attrs: 0o100644 << 16 } as const

function zipFiles(files: FunctionFiles): Uint8Array {
  const entries: Zippable = {}
  for (const [path, content] of files)
    entries[path] = [content, { level: 9, mtime: archiveDate, ...archiveMode }]
  return zipSync(entries)
}
