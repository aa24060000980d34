import { readFile, stat } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { parseOtlpFile } from '../../otlp/files/parse-otlp-file.ts'
import type { TraceDocument } from '../../otlp/files/parse-trace-document.ts'
import { describeError } from '../../plumbing/describe-error.ts'
import { askSource, SourceError } from '../sources/ask-source.ts'
import { splitCredentials } from '../sources/credentials.ts'
import { createTraceSource, type SourceAddress } from '../sources/trace-source.ts'

/** Of a file, as it is and again decompressed. */
const fileBytesMax = 256 * 1024 * 1024
/** Of one question to a Tempo: it answers the newest. */
const tempoTracesMax = 500

/** Which traces are wanted; the times are milliseconds since the Unix epoch. */
export type Window = { readonly startMillis: number; readonly endMillis: number }

/**
 * Reads a file of OTLP, gzip or not.
 *
 * @throws That names the file, and the line where one is wrong.
 */
export async function readStoredFile(path: string): Promise<readonly TraceDocument[]> {
  try {
    const { size } = await stat(path)
    if (size > fileBytesMax) throw new Error(`expected at most ${fileBytesMax} bytes, got ${size}`)
    const bytes = await readFile(path)
    const isGzipped = bytes[0] === 0x1f && bytes[1] === 0x8b
    return parseOtlpFile(isGzipped ? gunzipSync(bytes, { maxOutputLength: fileBytesMax }) : bytes)
  } catch (cause) {
    throw new Error(`${path}: ${describeError(cause)}`, { cause })
  }
}

/**
 * What an embedded collector has of a run, within a window of time.
 *
 * @param run An id, `last`, or `current`.
 * @throws SourceError when there is no such run, or no answer.
 */
export async function fetchRun(
  address: SourceAddress,
  headers: Readonly<Record<string, string>>,
  run: string,
  window: Window | null,
): Promise<readonly TraceDocument[]> {
  const { url, headers: credentials } = splitCredentials(address.url)
  const parameters = new URLSearchParams({ run })
  if (window !== null) {
    parameters.set('start', new Date(window.startMillis).toISOString())
    parameters.set('end', new Date(window.endMillis).toISOString())
  }
  const asked = `${url}/api/export?${parameters}`
  const answer = await askSource(asked, { ...credentials, ...headers })
  if (answer === null) throw new SourceError(`${url}: run ${run} is not kept there`, true)
  return answer.bytes.length === 0 ? [] : parseOtlpFile(answer.bytes)
}

/**
 * The newest traces that a Tempo finds in a window, at most 500.
 *
 * @see https://grafana.com/docs/tempo/latest/api_docs/#search
 * @throws SourceError
 */
export async function searchTempo(
  address: SourceAddress,
  headers: Readonly<Record<string, string>>,
  { startMillis, endMillis }: Window,
): Promise<readonly TraceDocument[]> {
  const parameters = new URLSearchParams({
    q: '{ kind = server }',
    start: String(Math.floor(startMillis / 1000)),
    end: String(Math.ceil(endMillis / 1000)),
    limit: String(tempoTracesMax),
  })
  const { url, headers: credentials } = splitCredentials(address.url)
  const asked = `${url}/api/search?${parameters}`
  const all = { ...credentials, ...headers, accept: 'application/json' }
  const answer = await askSource(asked, all)
  const source = createTraceSource(address, headers)
  const contents: TraceDocument[] = []
  for (const traceId of readTraceIds(answer?.bytes ?? Buffer.from('{}'), asked)) {
    const trace = await source.fetchTrace(traceId)
    if (trace !== null) contents.push(trace)
  }
  return contents
}

/** Tempo leaves out zeros at the start of an id. */
function readTraceIds(bytes: Buffer, asked: string): readonly string[] {
  const answer: unknown = JSON.parse(bytes.toString('utf8'))
  const traces: unknown =
    typeof answer === 'object' && answer !== null ? (Reflect.get(answer, 'traces') ?? []) : null
  if (!Array.isArray(traces)) throw new SourceError(`${asked}: expected a list of traces`, true)
  return traces.flatMap((trace: unknown) => {
    const id: unknown =
      typeof trace === 'object' && trace !== null ? Reflect.get(trace, 'traceID') : undefined
    return typeof id === 'string' && /^[0-9a-f]{1,32}$/i.test(id) ? [id.padStart(32, '0')] : []
  })
}
