import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { describeError } from '../../observability/plumbing/describe-error.ts'
import { StartError } from '../processes/start-error.ts'

/** What is set anew for whatever is started here. */
const claimed = /^(HOST|PORT|WEB_CONCURRENCY|LAMBDA_TASK_ROOT)$|^OTEL_EXPORTER_OTLP_/

/**
 * The variables of an `--env-file`, but for those that say where a runtime listens and sends.
 *
 * @throws StartError when it cannot be read.
 */
export function readEnvFile(path: string | undefined): Readonly<Record<string, string>> {
  if (path === undefined) return {}
  try {
    const variables: Record<string, string> = {}
    for (const [name, value] of Object.entries(parseEnv(readFileSync(path, 'utf8'))))
      if (value !== undefined && !claimed.test(name)) variables[name] = value
    return variables
  } catch (cause) {
    throw new StartError(`--env-file: ${describeError(cause)}`, { cause })
  }
}
