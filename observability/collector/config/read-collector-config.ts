import { readFileSync } from 'node:fs'
import { type CollectorConfig, parseCollectorConfig } from './collector-config.ts'
import { ConfigError } from './config-error.ts'
import type { Environment } from './expand-environment.ts'

/**
 * Reads the configuration at `path`, which messages name as it is given here.
 *
 * @throws ConfigError when the file cannot be read or used.
 */
export function readCollectorConfig(
  path: string,
  environment: Environment = process.env,
): CollectorConfig {
  return parseCollectorConfig(readFile(path), path, environment)
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    const reason = code === 'ENOENT' ? 'no such file' : `cannot be read (${code})`
    throw new ConfigError(`${path}: ${reason}; expected the configuration of the collector`, {
      cause: error,
    })
  }
}
