import { execFile } from 'node:child_process'
import { findCollector, repositoryFolder } from './program/collector-binary.ts'

const validateMillisMax = 20_000

/** The Collector's configurations: lists of files, each merged over those before it. */
export const configurations: readonly (readonly string[])[] = [
  ['observability/stack/collector.yaml'],
  [
    'observability/stack/collector.yaml',
    'observability/stack/collector-two-tier-span-metrics.yaml',
  ],
  ['observability/stack/collector-two-tier-gateway.yaml'],
  ['observability/stack/collector-two-tier-traces.yaml'],
]

/**
 * Asks the OpenTelemetry Collector whether it would start with these files: `otelcol validate`.
 *
 * @returns what it says is wrong with them, or `undefined`.
 */
export function validateConfig(paths: readonly string[]): Promise<string | undefined> {
  const args = ['validate', ...paths.map((path) => `--config=${path}`)]
  const options = { cwd: repositoryFolder, timeout: validateMillisMax }
  return new Promise((resolve) => {
    execFile(findCollector(), args, options, (error, _, stderr) => {
      resolve(error === null ? undefined : stderr.trim() || error.message)
    })
  })
}
