import { readTempoTrace } from '../../otlp/files/foreign/tempo-trace.ts'
import { parseTraceDocument, type TraceDocument } from '../../otlp/files/parse-trace-document.ts'
import { describeError } from '../../plumbing/describe-error.ts'
import { isHttpUrl } from '../../plumbing/parse-http-url.ts'
import { askSource, SourceError } from './ask-source.ts'
import { splitCredentials } from './credentials.ts'
import type { LogSource } from './loki-logs.ts'

/** A source of traces, by id. */
export type TraceSource = {
  /** For people, such as `tempo at http://127.0.0.1:3200`. */
  readonly title: string
  /** Whether log records come with a trace. */
  readonly hasLogs: boolean
  /** Whether their attributes come with flat names, all texts, and without event names. */
  readonly flattensLogs?: boolean
  /**
   * The spans and records that have arrived of a trace; `null` if nothing has.
   *
   * @throws SourceError if the source cannot be reached, or answers something else.
   */
  fetchTrace(traceId: string): Promise<TraceDocument | null>
}

/** Where traces are fetched from; credentials may stand in `url`, so it is not for logs. */
export type SourceAddress = { readonly kind: 'collector' | 'tempo'; readonly url: string }

/**
 * Reads `http://…`, which is an embedded collector, or `tempo:http://…`.
 *
 * @throws That says what was expected.
 */
export function parseSourceAddress(text: string): SourceAddress {
  const isTempo = text.startsWith('tempo:')
  const url = isTempo ? text.slice('tempo:'.length) : text
  if (!isHttpUrl(url)) {
    throw new Error(
      `expected the URL of a collector, or tempo: and the URL of a Tempo, got ${JSON.stringify(text)}`,
    )
  }
  return { kind: isTempo ? 'tempo' : 'collector', url: url.replace(/\/$/, '') }
}

/**
 * A URL may carry user and password, as Grafana Cloud wants them; they are sent as a header, and
 * are no part of the title.
 *
 * @param headers Sent with each question, such as a token for Grafana's data source proxy
 *   (`tempo:https://grafana.example/api/datasources/proxy/uid/UID`).
 */
export function createTraceSource(
  address: SourceAddress,
  headers: Readonly<Record<string, string>> = {},
): TraceSource {
  const { url, headers: credentials } = splitCredentials(address.url)
  const all = { ...credentials, ...headers }
  return address.kind === 'tempo' ? createTempoSource(url, all) : createCollectorSource(url, all)
}

/** The same with the log records of another source. */
export function joinLogs(traces: TraceSource, logs: LogSource): TraceSource {
  return {
    title: `${traces.title}, ${logs.title}`,
    hasLogs: true,
    flattensLogs: true,
    async fetchTrace(traceId) {
      const trace = await traces.fetchTrace(traceId)
      if (trace === null) return null
      return { spans: trace.spans, logs: await logs.fetchLogs(traceId, trace.spans) }
    },
  }
}

/**
 * Reads `loki:http://…`.
 *
 * @throws That says what was expected.
 */
export function parseLogsAddress(text: string): string {
  const url = text.startsWith('loki:') ? text.slice('loki:'.length) : ''
  if (isHttpUrl(url)) return url.replace(/\/$/, '')
  throw new Error(`expected loki: and the URL of a Loki, got ${JSON.stringify(text)}`)
}

function createCollectorSource(
  url: string,
  headers: Readonly<Record<string, string>>,
): TraceSource {
  return {
    title: `the collector at ${url}`,
    hasLogs: true,
    async fetchTrace(traceId) {
      const asked = `${url}/api/traces/${traceId}`
      const got = await askSource(asked, { ...headers, accept: 'application/json' })
      if (got === null) return null
      const text = got.bytes.toString('utf8')
      return read(asked, () => {
        const isList = text.trimStart().startsWith('[') && Array.isArray(JSON.parse(text))
        return isList ? { spans: [], logs: [] } : parseTraceDocument(text)
      })
    },
  }
}

/**
 * Tempo's HTTP API. Its second version is asked first; a Tempo before 2.5, which does not know
 * that, is asked by the first version from then on.
 */
function createTempoSource(url: string, headers: Readonly<Record<string, string>>): TraceSource {
  // In JSON Tempo writes ids and enums in its own way; its protobuf is standard.
  const accept = { ...headers, accept: 'application/protobuf' }
  let path: 'unknown' | '/api/v2/traces' | '/api/traces' = 'unknown'

  async function fetchFrom(version: '/api/v2/traces' | '/api/traces', traceId: string) {
    const asked = `${url}${version}/${traceId}`
    const got = await askSource(asked, accept)
    if (got === null || got.bytes.length === 0) return null
    const { spans, shortfall } = read(asked, () =>
      readTempoTrace(got.bytes, got.contentType, version === '/api/v2/traces'),
    )
    path = version
    // Half a trace would be compared as if spans were missing.
    if (shortfall !== null) {
      throw new SourceError(`${asked}: Tempo gives only part of the trace${shortfall}`, false)
    }
    // A trace that Tempo does not know is a 404, or, from 2.7 on, a 200 with nothing in it.
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

/** An answer that is no trace now will not become one. */
function read<T>(asked: string, parse: () => T): T {
  try {
    return parse()
  } catch (cause) {
    const reason = describeError(cause)
    throw new SourceError(`${asked}: expected a trace, got something else: ${reason}`, true, {
      cause,
    })
  }
}
