import {
  buildAttributes,
  buildGroup,
  buildLogRecord,
  buildSpan,
  spanIdOf,
  traceIdOf,
} from '../../../collector/testing/build-telemetry.ts'
import type { Attribute, ResourceLogs, ResourceSpans, Span } from '../../../otlp/model.ts'

const runtimes = ['node', 'workers', 'deno', 'bun', 'lambda']
const routes = ['/api/v1/todos', '/api/v1/todos/:id', '/ready']
const statuses = [200n, 200n, 200n, 201n, 404n, 500n]

/**
 * So many requests of two spans each, the newest ended now, 20 ms apart, over several runtimes,
 * routes and statuses.
 */
export function* buildTraces(
  count: number,
  nowMillis: number,
): Generator<readonly ResourceSpans[]> {
  const perRequest = 500
  for (let from = 0; from < count; from += perRequest) {
    const groups = new Map<string, Span[]>()
    for (let n = from; n < Math.min(count, from + perRequest); n += 1) {
      const runtime = runtimes[n % runtimes.length] ?? ''
      const spans = groups.get(runtime) ?? []
      groups.set(runtime, spans)
      spans.push(...buildRequest(n + 1, BigInt(nowMillis - (count - n) * 20) * 1_000_000n))
    }
    yield [...groups].map(([runtime, spans]) => buildGroup(spans, { runtime }))
  }
}

/** A server span with a statement below it; what it is depends on `n` alone. */
export function buildRequest(n: number, startNanos: bigint): readonly Span[] {
  const route = routes[n % routes.length] ?? ''
  const status = statuses[n % statuses.length] ?? 200n
  const millis = BigInt(1 + ((n * 7) % 40))
  const server = buildSpan({
    traceId: traceIdOf(n),
    spanId: spanIdOf(2 * n),
    name: `GET ${route}`,
    startNanos,
    endNanos: startNanos + millis * 1_000_000n,
    status: { code: status >= 500n ? 2 : 0, message: '' },
    attributes: buildAttributes({
      'http.request.method': 'GET',
      'http.route': route,
      'http.response.status_code': status,
    }),
  })
  const statement = buildSpan({
    traceId: traceIdOf(n),
    spanId: spanIdOf(2 * n + 1),
    parentSpanId: server.spanId,
    name: 'SELECT todos',
    kind: 3,
    startNanos: startNanos + 200_000n,
    endNanos: startNanos + millis * 900_000n,
    attributes: buildAttributes({
      'db.system.name': 'postgresql',
      'db.operation.name': 'SELECT',
      'db.collection.name': 'todos',
    }),
  })
  return [server, statement]
}

/** A trace of one request that took a millisecond. */
export function buildTraceAt(n: number, startNanos: bigint, name = 'GET /late'): ResourceSpans {
  const endNanos = startNanos + 1_000_000n
  const attributes = buildAttributes({ 'http.response.status_code': 200n })
  const ids = { traceId: traceIdOf(n), spanId: spanIdOf(n) }
  return buildGroup([buildSpan({ ...ids, name, startNanos, endNanos, attributes })])
}

export function nanosAgo(millis: number): bigint {
  return BigInt(Date.now() - millis) * 1_000_000n
}

/** Text that would be markup, script or another address, were it not shown as text. */
export const hostileTexts: readonly string[] = [
  '<img src=x onerror="document.title=\'owned\'">',
  '<script>document.title="owned"</script>',
  '"><svg onload=document.title=1>',
  'javascript:document.title="owned"',
  '{{constructor.constructor("document.title=1")()}}',
  '\u202Egnp.exe \u0000 \uFFFD',
  '</td></tr></table>',
]

/** A trace of which every text is hostile: names, keys, values, events, status, resource and logs. */
export function buildHostileTrace(n: number, nowMillis: number) {
  const startNanos = BigInt(nowMillis) * 1_000_000n
  const attributes: readonly Attribute[] = [
    ...hostileTexts.map((text, index) => ({ key: `${text} ${index}`, value: text })),
    { key: '__proto__', value: hostileTexts[0] ?? '' },
    { key: 'nested', value: { entries: [{ key: '<b>', value: { values: hostileTexts } }] } },
    { key: 'long', value: `${'<i>'.repeat(20_000)}` },
    { key: 'http.route', value: hostileTexts[0] ?? '' },
    { key: 'http.request.method', value: hostileTexts[1] ?? '' },
  ]
  const [name = '', message = ''] = hostileTexts
  const span = buildSpan({
    traceId: traceIdOf(n),
    spanId: spanIdOf(n),
    name,
    startNanos,
    endNanos: startNanos + 1_000_000n,
    status: { code: 2, message },
    attributes,
    events: [{ timeNanos: startNanos, name, attributes, droppedAttributesCount: 0 }],
  })
  const record = buildLogRecord({
    timeNanos: startNanos,
    body: name,
    eventName: message,
    severityText: name,
    severityNumber: 17,
    attributes,
    traceId: traceIdOf(n),
    spanId: spanIdOf(n),
  })
  const origin = { runtime: hostileTexts[2] ?? '', service: name }
  const spans: readonly ResourceSpans[] = [buildGroup([span], origin)]
  const logs: readonly ResourceLogs[] = [buildGroup([record], origin)]
  return { spans, logs }
}
