import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { findCollector, repositoryFolder } from './collector-binary.ts'
import { type ConfigFile, locateError } from './locate-error.ts'

const validateMillisMax = 20_000

/** What the Collector is started with, each file laid over those before it. */
export const configurations: readonly (readonly string[])[] = [
  ['observability/collector.yaml'],
  ['observability/collector.yaml', 'observability/collector-two-tier-span-metrics.yaml'],
  ['observability/collector-two-tier-gateway.yaml'],
  ['observability/collector-two-tier-traces.yaml'],
]

/**
 * Asks the OpenTelemetry Collector whether it would start with these files.
 *
 * @returns what is wrong with them as `file:line: message`, or `undefined`.
 */
export async function validateConfig(files: readonly ConfigFile[]): Promise<string | undefined> {
  const message = (await askCollector(files)) ?? findLostStorage(files)
  return message === undefined ? undefined : locateError(message, files)
}

/** As `otelcol validate`, of copies: what is asked about need not be what stands on disk. */
function askCollector(files: readonly ConfigFile[]): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'otelcol-validate-'))
  const args = files.map(({ text }, index) => {
    const path = join(folder, `${index}.yaml`)
    writeFileSync(path, text)
    return `--config=${path}`
  })
  return new Promise((resolve) => {
    execFile(
      findCollector(),
      ['validate', ...args],
      { cwd: repositoryFolder, timeout: validateMillisMax },
      (error, _, stderr) => {
        rmSync(folder, { recursive: true, force: true })
        resolve(error === null ? undefined : stderr.trim() || error.message)
      },
    )
  })
}

/**
 * A queue whose storage is not among the extensions: `otelcol validate` 0.159 finds nothing wrong with
 * that, and the Collector then refuses to start.
 */
function findLostStorage(files: readonly ConfigFile[]): string | undefined {
  let extensions: readonly unknown[] = []
  const queues: { readonly path: string; readonly storage: string }[] = []
  for (const { text } of files) {
    const root: unknown = parse(text)
    const listed = readPath(root, 'service', 'extensions')
    if (Array.isArray(listed)) extensions = listed
    for (const [name, exporter] of Object.entries(readPath(root, 'exporters') ?? {})) {
      const storage = readPath(exporter, 'sending_queue', 'storage')
      if (storage !== undefined) queues.push({ path: name, storage: String(storage) })
    }
  }
  const lost = queues.find(({ storage }) => !extensions.includes(storage))
  if (lost === undefined) return undefined
  return `exporters: "${lost.path}": 'sending_queue' references storage "${lost.storage}", which is not among service::extensions`
}

function readPath(root: unknown, ...path: readonly string[]): object | undefined {
  let value: unknown = root
  for (const name of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Object.entries(value).find(([key]) => key === name)?.[1]
  }
  // A text is given as well, boxed by nobody: callers turn it into one.
  return value === null ? undefined : (value as object | undefined)
}
