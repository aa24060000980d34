import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The root of the repository: commands run there, and caches stand there. */
export const repositoryFolder = join(import.meta.dirname, '..', '..', '..', '..')
export const manifestPath = join(import.meta.dirname, 'manifest.yaml')

/** The reason why there is no Collector to test with, for the user of the command. */
export class CollectorMissingError extends Error {
  override readonly name = 'CollectorMissingError'
}

/**
 * Finds the OpenTelemetry Collector to test with: the one in `OTELCOL`, else the one built from the manifest.
 *
 * @throws CollectorMissingError if there is neither.
 */
export function findCollector(environment: NodeJS.ProcessEnv = process.env): string {
  const given = environment.OTELCOL
  if (given !== undefined && given !== '') {
    if (existsSync(given)) return given
    throw new CollectorMissingError(
      `OTELCOL: expected the path of an OpenTelemetry Collector, got ${JSON.stringify(given)}, which is not there`,
    )
  }
  const built = builtCollectorPath()
  if (existsSync(built)) return built
  throw new CollectorMissingError(
    'the OpenTelemetry Collector is not built; run `node observability/stack-tests/collector/build.ts`',
  )
}

/** Path of the Collector built from this manifest; another manifest has another path. */
export function builtCollectorPath(): string {
  const hash = createHash('sha256').update(readFileSync(manifestPath)).digest('hex').slice(0, 12)
  const name = process.platform === 'win32' ? 'otelcol.exe' : 'otelcol'
  return join(repositoryFolder, '.cache', `otelcol-${hash}`, name)
}
