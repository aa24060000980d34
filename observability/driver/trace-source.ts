import { parseLogsJson, parseTracesJson } from '../otlp/decode-json.ts'
import type { ResourceLogs, ResourceSpans } from '../otlp/model.ts'
import { readTempoTrace } from './tempo-trace.ts'

/** Where traces are fetched from, by id. */
export type TraceSource = {
  /** For people, such as `tempo at http://127.0.0.1:3200`. */
  readonly title: string
  /** Whether log records come with a trace. */
  readonly hasLogs: boolean
  /**
   * What has arrived of a trace; `null` when nothing has.
   *
   * @throws When the source cannot be asked, or answers something else.
   */
  fetchTrace(traceId: string): Promise<FetchedTrace | null>
}

export type FetchedTrace = {
  readonly spans: readonly ResourceSpans[]
  readonly logs: readonly ResourceLogs[]
}

export type SourceAddress = { readonly kind: 'collector' | 'tempo'; readonly url: string }

const fetchMillisMax = 10_000

/** A trace larger than this is not one of a request. */
export const traceBytesMax = 64 * 1024 * 1024

/**
 * Reads `http://…`, which is an embedded collector, or `tempo:http://…`.
 *
 * @throws That says what was expected.
 */
export function parseSourceAddress(text: string): SourceAddress {
  const isTempo = text.startsWith('tempo:')
  const url = isTempo ? text.slice('tempo:'.length) : text
  const protocol = URL.canParse(url) ? new URL(url).protocol : ''
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new Error(
      `expected the URL of a collector, or tempo: and the URL of a Tempo, got ${JSON.stringify(text)}`,
    )
  }
  return { kind: isTempo ? 'tempo' : 'collector', url: url.replace(/\/$/, '') }
}

/**
 * @param headers Sent with each question, such as a token for Grafana's data source proxy
 *   (`tempo:https://grafana.example/api/datasources/proxy/uid/UID`).
 */
export function createTraceSource(
  { kind, url }: SourceAddress,
  headers: Readonly<Record<string, string>> = {},
): TraceSource {
  return kind === 'tempo' ? createTempoSource(url, headers) : createCollectorSource(url, headers)
}

function createCollectorSource(
  url: string,
  headers: Readonly<Record<string, string>>,
): TraceSource {
  return {
    title: `the collector at ${url}`,
    hasLogs: true,
    async fetchTrace(traceId) {
      const got = await ask(`${url}/api/traces/${traceId}`, {
        ...headers,
        accept: 'application/json',
      })
      if (got === null) return null
      const parsed: unknown = JSON.parse(got.bytes.toString('utf8'))
      return {
        spans: parseTracesJson(
          JSON.stringify({ resourceSpans: readMember(parsed, 'resourceSpans') }),
        ),
        logs: parseLogsJson(JSON.stringify({ resourceLogs: readMember(parsed, 'resourceLogs') })),
      }
    },
  }
}

/**
 * Tempo's HTTP API. Its second version is asked first; a Tempo before 2.5, which does not know
 * that, is asked by the first version from then on.
 */
function createTempoSource(url: string, headers: Readonly<Record<string, string>>): TraceSource {
  // Ids and enums come in a form of their own in JSON, in protobuf as everywhere.
  const accept = { ...headers, accept: 'application/protobuf' }
  let path: 'unknown' | '/api/v2/traces' | '/api/traces' = 'unknown'

  async function fetchFrom(version: '/api/v2/traces' | '/api/traces', traceId: string) {
    const got = await ask(`${url}${version}/${traceId}`, accept)
    if (got === null || got.bytes.length === 0) return null
    const spans = readTempoTrace(got.bytes, got.contentType, version === '/api/v2/traces')
    path = version
    // A trace that Tempo does not know may also be a 200 with nothing in it.
    return spans.length === 0 ? null : { spans, logs: [] }
  }

  return {
    title: `Tempo at ${url}`,
    hasLogs: false,
    async fetchTrace(traceId) {
      if (path !== 'unknown') return fetchFrom(path, traceId)
      // A 404 of a path that is unknown looks like that of a trace that is.
      return (await fetchFrom('/api/v2/traces', traceId)) ?? fetchFrom('/api/traces', traceId)
    },
  }
}

async function ask(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly bytes: Buffer; readonly contentType: string } | null> {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(fetchMillisMax) })
  if (response.status === 404) {
    await response.body?.cancel()
    return null
  }
  const length = Number(response.headers.get('content-length') ?? 0)
  if (length > traceBytesMax) {
    await response.body?.cancel()
    throw new Error(`${url}: expected at most ${traceBytesMax} bytes, got ${length}`)
  }
  const bytes = Buffer.from(await response.arrayBuffer())
  if (!response.ok) {
    const said = bytes.toString('utf8', 0, 200).trim()
    throw new Error(`${url}: expected a trace, got ${response.status} ${said}`)
  }
  return { bytes, contentType: response.headers.get('content-type') ?? '' }
}

function readMember(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !(name in value)) return []
  return Reflect.get(value, name)
}
