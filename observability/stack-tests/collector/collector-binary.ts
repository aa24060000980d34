import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The root of the repository: commands run there, and caches stand there. */
export const repositoryFolder = join(import.meta.dirname, '..', '..', '..')
export const manifestPath = join(import.meta.dirname, 'manifest.yaml')

/** Why there is no Collector to test with, in a sentence for whoever ran the command. */
export class CollectorMissingError extends Error {
  override readonly name = 'CollectorMissingError'
}

/**
 * The OpenTelemetry Collector to test with: the one that `OTELCOL` names, else the one built from
 * the manifest.
 *
 * @throws CollectorMissingError when there is neither.
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

/** Where the build of this manifest stands: another manifest is another place. */
export function builtCollectorPath(): string {
  const hash = createHash('sha256').update(readFileSync(manifestPath)).digest('hex').slice(0, 12)
  const name = process.platform === 'win32' ? 'otelcol.exe' : 'otelcol'
  return join(repositoryFolder, '.cache', `otelcol-${hash}`, name)
}
