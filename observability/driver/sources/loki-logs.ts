import * as v from 'valibot'
import {
  type LogRecord,
  type Resource,
  type ResourceLogs,
  type ResourceSpans,
  SpanKind,
} from '../../otlp/model.ts'
import { askSource, SourceError } from './ask-source.ts'
import { splitCredentials } from './credentials.ts'

/** Records of one trace; a request that wrote more has another problem. */
const lokiRecordsMax = 1000

/** Log records of a trace, from where they are kept apart from it. */
export type LogSource = {
  /** For people, such as `Loki at http://127.0.0.1:3100`. */
  readonly title: string
  /** @throws SourceError when the source cannot be asked, or answers something else. */
  fetchLogs(traceId: string, spans: readonly ResourceSpans[]): Promise<readonly ResourceLogs[]>
}

/**
 * Loki's HTTP API, of Loki 3 with OTLP: `trace_id` is structured metadata there.
 *
 * Loki keeps less of a record than came. Attributes of the record and of its resource are one set,
 * their values texts, and everything in their names but letters and digits is `_`; so what the spans
 * of the trace say of their resource is taken to be said of it here as well, and the rest is the
 * record's. Its event name is gone.
 */
export function createLokiSource(
  address: string,
  headers: Readonly<Record<string, string>>,
): LogSource {
  const { url, headers: credentials } = splitCredentials(address)
  return {
    title: `Loki at ${url}`,
    async fetchLogs(traceId, spans) {
      const query = `{service_name=~".+"} | trace_id="${traceId}"`
      const search = new URLSearchParams({ query, limit: String(lokiRecordsMax) })
      const asked = `${url}/loki/api/v1/query_range?${search}`
      const got = await askSource(asked, {
        ...credentials,
        ...headers,
        accept: 'application/json',
      })
      if (got === null) throw new SourceError(`${asked}: expected Loki, got 404`, true)
      return readLokiAnswer(asked, got.bytes.toString('utf8'), spans)
    },
  }
}

/** An attribute's name as Loki writes it. */
export function flattenName(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, '_')
}

const answerSchema = v.object({
  data: v.object({
    resultType: v.literal('streams'),
    result: v.array(
      v.object({
        stream: v.record(v.string(), v.string()),
        values: v.array(v.looseTuple([v.pipe(v.string(), v.digits()), v.string()])),
      }),
    ),
  }),
})

type Stream = v.InferOutput<typeof answerSchema>['data']['result'][number]

function readLokiAnswer(
  asked: string,
  text: string,
  spans: readonly ResourceSpans[],
): readonly ResourceLogs[] {
  const fallback = findServerResource(spans)
  if (fallback === undefined) return []
  const parsed = v.safeParse(answerSchema, parseJson(text))
  if (!parsed.success) {
    const [issue] = parsed.issues
    const place = v.getDotPath(issue) ?? 'the answer'
    throw new SourceError(`${asked}: expected streams of Loki: ${place}: ${issue.message}`, true)
  }
  const senders = createSenders(spans)
  return parsed.output.data.result.map((stream): ResourceLogs => {
    const resource = senders.get(stream.stream.span_id ?? '') ?? fallback
    const ofResource = new Set(resource.attributes.map(({ key }) => flattenName(key)))
    const items = readStream(stream, ofResource)
    const scope = { name: '', version: '', attributes: [], droppedAttributesCount: 0 }
    return { resource, schemaUrl: '', scopes: [{ scope, schemaUrl: '', items }] }
  })
}

/** The resource of each span, by span id: a record in a span has the same resource. */
function createSenders(spans: readonly ResourceSpans[]): ReadonlyMap<string, Resource> {
  const senders = new Map<string, Resource>()
  for (const { resource, scopes } of spans) {
    for (const { items } of scopes) for (const { spanId } of items) senders.set(spanId, resource)
  }
  return senders
}

/** For a record without a span: the resource of the server span; the driver's own spans have a resource as well. */
function findServerResource(spans: readonly ResourceSpans[]): Resource | undefined {
  const isServing = ({ scopes }: ResourceSpans) =>
    scopes.some(({ items }) => items.some(({ kind }) => kind === SpanKind.server))
  return (spans.find(isServing) ?? spans[0])?.resource
}

/** Names that Loki itself adds to a record. */
const ownNames = new Set([
  ...['trace_id', 'span_id', 'severity_number', 'severity_text', 'flags', 'observed_timestamp'],
  ...['scope_name', 'scope_version', 'detected_level', 'service_name', 'event_name'],
])

function readStream(
  { stream, values }: Stream,
  ofResource: ReadonlySet<string>,
): readonly LogRecord[] {
  const attributes = Object.entries(stream).flatMap(([key, value]) =>
    ownNames.has(key) || ofResource.has(key) ? [] : [{ key, value }],
  )
  return values.map(([time, line]) => ({
    timeNanos: BigInt(time),
    observedTimeNanos: BigInt(time),
    severityNumber: Number(stream.severity_number ?? 0),
    severityText: stream.severity_text ?? '',
    body: line,
    attributes,
    droppedAttributesCount: 0,
    flags: Number(stream.flags ?? 0),
    traceId: stream.trace_id ?? '',
    spanId: stream.span_id ?? '',
    eventName: stream.event_name ?? '',
  }))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
