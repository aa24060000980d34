import { ConfigError } from '../../collector/config/config-error.ts'
import { readCollectorConfig } from '../../collector/config/read-collector-config.ts'
import { CollectorMissingError, findCollector } from './collector-binary.ts'
import { configurations, validateConfig } from './validate-config.ts'

// Asks both collectors about the configuration files of the repository: the embedded one about its part of the one that
// it reads, and the OpenTelemetry Collector about all of them, where it has been built.
//
// Exit code: 0 when they would start with each, 1 when not, 2 when `OTELCOL` names no Collector.

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
    // One that was named and is not there is a mistake to be told, not a reason to check less.
    if (error instanceof CollectorMissingError && !process.env.OTELCOL) return false
    throw error
  }
}
