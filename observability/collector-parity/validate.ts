import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseCollectorConfig } from '../collector/config/collector-config.ts'
import { ConfigError } from '../collector/config/config-error.ts'
import { findLostReference } from './check-references.ts'
import { CollectorMissingError, findCollector, repositoryFolder } from './collector-binary.ts'
import { type ConfigFile, locateError } from './locate-error.ts'
import { configurations, validateConfig } from './validate-config.ts'

// Asks both collectors about every configuration file of the repository: the embedded one about its
// part, and the OpenTelemetry Collector about all of them, where it has been built. Where not, only
// names are checked that stand for nothing, and that is said.
//
// Exit code: 0 when they would start with each, 1 when not, 2 when `OTELCOL` names no Collector.

try {
  process.exitCode = await validateAll(hasCollector())
} catch (error) {
  if (!(error instanceof CollectorMissingError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}

async function validateAll(isBuilt: boolean): Promise<number> {
  let exitCode = 0
  for (const names of configurations) {
    const files = names.map((name) => ({
      name,
      text: readFileSync(join(repositoryFolder, name), 'utf8'),
    }))
    const problem = findProblem(files) ?? (isBuilt ? await validateConfig(files) : undefined)
    if (problem !== undefined) exitCode = 1
    process.stdout.write(`${problem ?? `${names.join(' + ')}: valid`}\n`)
  }
  if (!isBuilt) {
    process.stdout.write(
      'the OpenTelemetry Collector was not asked, since it is not built; `npm run test:collector` builds it\n',
    )
  }
  return exitCode
}

function findProblem(files: readonly ConfigFile[]): string | undefined {
  try {
    const [first, ...others] = files
    if (first?.name.endsWith('/collector.yaml') && others.length === 0) {
      parseCollectorConfig(first.text, first.name, {})
    }
    const lost = findLostReference(files)
    return lost === undefined ? undefined : locateError(lost, files)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    // A file that is not YAML: the message has its place, once it is looked for.
    return locateError(String(error), files)
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
