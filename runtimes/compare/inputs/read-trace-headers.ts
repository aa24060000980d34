import { describeError } from '../../../observability/plumbing/describe-error.ts'
import { parseEncodedHeaders } from '../../../observability/plumbing/parse-headers.ts'
import { StartError } from '../../processes/start-error.ts'

/**
 * The headers for requests of traces, from `COMPARE_TRACES_TOKEN` and `COMPARE_TRACES_HEADERS`.
 *
 * @throws StartError that names the variable.
 */
export function readTraceHeaders(): Readonly<Record<string, string>> {
  const { COMPARE_TRACES_TOKEN: token, COMPARE_TRACES_HEADERS: headers } = process.env
  try {
    return {
      ...(token && { authorization: `Bearer ${token}` }),
      ...parseEncodedHeaders('COMPARE_TRACES_HEADERS', headers),
    }
  } catch (cause) {
    throw new StartError(describeError(cause), { cause })
  }
}
