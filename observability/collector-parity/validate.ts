import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CollectorMissingError, repositoryFolder } from './collector-binary.ts'
import { configurations, validateConfig } from './validate-config.ts'

// Asks the OpenTelemetry Collector about every configuration file of the repository.
// Exit code: 0 when it would start with each, 1 when not, 2 when there is no Collector to ask.

try {
  for (const files of configurations) {
    const problem = await validateConfig(
      files.map((name) => ({ name, text: readFileSync(join(repositoryFolder, name), 'utf8') })),
    )
    process.stdout.write(`${problem ?? `${files.join(' + ')}: valid`}\n`)
    if (problem !== undefined) process.exitCode = 1
  }
} catch (error) {
  if (!(error instanceof CollectorMissingError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}
