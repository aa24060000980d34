import { expect, test } from 'vitest'
import { SpanKind } from '../observability/otlp/model.ts'
import { launchForTest } from './launch-for-test.ts'
import { findRuntimes, type Runtime } from './runtimes.ts'
import { awaitTrace, byKey, startTestCollector } from './traces-for-test.ts'

test("Deno's own tracing and ours make one server span, which is Deno's, completed", async () => {
  await using collector = await startTestCollector()
  await using service = await launchForTest(withVariables('deno', { OTEL_DENO: 'true' }), {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_SERVICE_NAME: 'todo-api',
    OTEL_BSP_SCHEDULE_DELAY: '50',
    OTEL_BLRP_SCHEDULE_DELAY: '50',
  })
  const traceId = '0af7651916cd43dd8448eb211c80319c'
  const parentId = 'b7ad6b7169203331'
  const response = await fetch(`${service.url}/api/v1/todos?limit=1&token=seCret`, {
    headers: { traceparent: `00-${traceId}-${parentId}-01` },
  })
  const { spans, logs } = await awaitTrace(
    collector.url,
    traceId,
    (trace) =>
      trace.spans.length >= 2 &&
      trace.logs.length >= 1 &&
      trace.spans.some(({ span }) => span.kind === SpanKind.server),
  )

  expect(response.headers.get('x-trace-id')).toBe(traceId)
  const servers = spans.filter(({ span }) => span.kind === SpanKind.server)
  expect(servers).toHaveLength(1)
  const server = servers[0]
  expect(server?.span).toMatchObject({ name: 'GET /api/v1/todos', parentSpanId: parentId })
  expect(byKey(server?.resource.attributes ?? [])).toMatchObject({
    'telemetry.sdk.name': 'deno-opentelemetry',
  })
  expect(byKey(server?.span.attributes ?? [])).toMatchObject({
    'http.route': '/api/v1/todos',
    'url.query': 'limit=1&token=REDACTED',
    'url.full': expect.stringMatching(/token=REDACTED$/),
    'hono.runtime.name': 'deno',
  })
  expect(spans.find(({ span }) => span.name === 'SELECT todos')?.span.parentSpanId).toBe(
    server?.span.spanId,
  )
  expect(logs.map(({ record }) => record.spanId)).toEqual([server?.span.spanId])
})

/** A runtime that is launched with variables which are not for the service, but for the runtime itself. */
function withVariables(name: string, variables: Readonly<Record<string, string>>): Runtime {
  const [runtime] = findRuntimes([name])
  if (runtime === undefined) throw new Error(`expected a runtime ${name}`)
  return {
    ...runtime,
    createCommand: (settings) =>
      runtime.createCommand({ ...settings, variables: { ...settings.variables, ...variables } }),
  }
}
