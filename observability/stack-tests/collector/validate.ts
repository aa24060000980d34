import { ConfigError } from '../../collector/config/config-error.ts'
import { readCollectorConfig } from '../../collector/config/read-collector-config.ts'
import { CollectorMissingError, findCollector } from './program/collector-binary.ts'
import { configurations, validateConfig } from './validate-config.ts'

// Checks the repository's configuration files with both collectors: the embedded one its part of the one file that it
// reads, and the OpenTelemetry Collector all of them, if it has been built.
//
// Exit code: 0 if they would start with each, 1 if not, 2 if `OTELCOL` names no Collector.

try {
  readCollectorConfig('observability/stack/collector.yaml', {})
  process.stdout.write('observability/stack/collector.yaml: valid for the embedded collector\n')
  if (hasCollector()) await validateAll()
  else {
    process.stdout.write(
      'the OpenTelemetry Collector was not asked, since it is not built; `npm run test:collector` builds it\n',
    )
  }
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof CollectorMissingError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = error instanceof ConfigError ? 1 : 2
}

async function validateAll(): Promise<void> {
  for (const paths of configurations) {
    const problem = await validateConfig(paths)
    if (problem !== undefined) process.exitCode = 1
    process.stdout.write(`${paths.join(' + ')}: ${problem ?? 'valid'}\n`)
  }
}

function hasCollector(): boolean {
  try {
    findCollector()
    return true
  } catch (error) {
    // A named Collector that does not exist is a mistake, not a reason to check less.
    if (error instanceof CollectorMissingError && !process.env.OTELCOL) return false
    throw error
  }
}
