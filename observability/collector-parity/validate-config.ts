import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findLostReference } from './check-references.ts'
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
  const message = (await askCollector(files)) ?? findLostReference(files)
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
