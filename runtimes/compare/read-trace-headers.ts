import { StartError } from '../processes/start-error.ts'

/**
 * The headers for requests of traces, from `COMPARE_TRACES_TOKEN` and `COMPARE_TRACES_HEADERS`.
 *
 * @throws StartError when a part has no `=`.
 */
export function readTraceHeaders(): Readonly<Record<string, string>> {
  const token = process.env.COMPARE_TRACES_TOKEN
  return {
    ...(token && { authorization: `Bearer ${token}` }),
    ...readHeaders('COMPARE_TRACES_HEADERS'),
  }
}

/** As `OTEL_EXPORTER_OTLP_HEADERS` is written: `name=value`, percent-encoded, with commas between them. */
function readHeaders(variable: string): Readonly<Record<string, string>> {
  const pairs = (process.env[variable] ?? '').split(',').filter((pair) => pair.trim() !== '')
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=')
      if (at < 1) throw new StartError(`${variable}: expected name=value, got a part without =`)
      return [pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())]
    }),
  )
}
