import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { type Span, SpanKind } from '../../observability/otlp/model.ts'
import {
  type Arrived,
  byName,
  startOtlpReceiver,
} from '../../observability/telemetry/testing/otlp-receiver.ts'
import type { Launcher } from '../launch/launcher.ts'
import { launcherOf } from '../launch/launchers.ts'
import type { Runtime } from '../runtime.ts'
import { presentRuntimes } from '../testing/present-runtimes.ts'
import { launchNotes } from './testing/launch-notes.ts'

const parentId = 'b7ad6b7169203331'

/** What is asked, each with a `traceparent` of its own: with the sampled flag, without it, and none at all. */
const requests = [
  ['GET', '/notes?limit=1&token=seCret', '01'],
  ['GET', '/healthz/none?token=seCret;api_key=seCret', '01'],
  ['POST', '/notes?token=seCret', '01'],
  ['PROPFIND', '/notes?token=seCret', '01'],
  ['GET', '/notes?limit=2&token=seCret', '00'],
  ['GET', '/notes?limit=3&token=seCret', undefined],
] as const

// Where npm has no Deno there is nothing to test; the run says so when it begins.
const deno = presentRuntimes.find(({ name }) => name === 'deno')

describe.each(deno === undefined ? [] : [deno])('$title', (runtime) => {
  test.each([
    ['nothing', {}],
    ['OTEL_DENO', { OTEL_DENO: 'true' }],
    ['OTEL_DENO and its tracing', { OTEL_DENO: 'true', OTEL_DENO_TRACING: 'true' }],
    ['its tracing alone', { OTEL_DENO_TRACING: 'true' }],
  ])(
    'with %s switched on, a request has one server span, which is ours, and no secret is sent',
    async (_, variables) => {
      await using receiver = await startOtlpReceiver()
      await using service = await launchNotes(
        runtime,
        {
          OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
          OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
          OTEL_SERVICE_NAME: 'notes',
          OTEL_BSP_SCHEDULE_DELAY: '50',
          OTEL_BLRP_SCHEDULE_DELAY: '50',
          OTEL_METRIC_EXPORT_INTERVAL: '200',
        },
        undefined,
        withVariables(runtime, variables),
      )
      const responses = await Promise.all(
        requests.map(([method, path, flags], i) =>
          fetch(`${service.url}${path}`, {
            method,
            headers: flags === undefined ? {} : { traceparent: traceparentOf(i, flags) },
          }),
        ),
      )
      for (const response of responses) await response.text()
      // By the timer, which runs in the context of a request; then what is left, by Deno too.
      while (!receiver.spans().some(({ item }) => item.traceId === traceIdOf(0))) await wait(20)
      await service.stop()

      for (const [i, [method, , flags]] of requests.entries()) {
        const traceId = responses[i]?.headers.get('x-trace-id')
        const spans = receiver.spans().filter(({ item }) => item.traceId === traceId)
        const records = receiver.records().filter(({ item }) => item.traceId === traceId)
        if (flags !== undefined) expect(traceId).toBe(traceIdOf(i))
        if (flags === '00') {
          expect(spans).toEqual([])
          continue
        }
        const [server, ...others] = spans.filter(({ item }) => item.kind === SpanKind.server)
        expect(others).toEqual([])
        expect(server?.item.parentSpanId).toBe(flags === undefined ? '' : parentId)
        expect(byName(server?.item.attributes ?? [])).toMatchObject({
          'http.request.method': method === 'PROPFIND' ? '_OTHER' : method,
          'http.response.status_code': BigInt(responses[i]?.status ?? 0),
          'server.port': expect.any(BigInt),
          'url.query': expect.stringContaining('REDACTED'),
        })
        expectBelow(spans, server)
        for (const { item } of records) expect(item.spanId).toBe(server?.item.spanId)
        if (responses[i]?.ok) expect(records).toHaveLength(1)
      }
      expect(receiver.bodies().filter((body) => body.includes('seCret'))).toEqual([])
    },
  )
})

/** Every other span of the trace hangs below the server span, with a resource of ours. */
function expectBelow(spans: readonly Arrived<Span>[], server: Arrived<Span> | undefined): void {
  const ids = spans.map(({ item }) => item.spanId)
  for (const { item, resource } of spans) {
    expect(byName(resource.attributes)).toMatchObject({ 'hono.runtime.name': 'deno' })
    if (item.spanId !== server?.item.spanId) expect(ids).toContain(item.parentSpanId)
  }
}

function traceIdOf(i: number): string {
  return `0af7651916cd43dd8448eb211c80310${i}`
}

function traceparentOf(i: number, flags: string): string {
  return `00-${traceIdOf(i)}-${parentId}-${flags}`
}

/** How a runtime is launched with variables which are not for the service, but for the runtime itself. */
function withVariables(runtime: Runtime, variables: Readonly<Record<string, string>>): Launcher {
  const launcher = launcherOf(runtime)
  return {
    ...launcher,
    createCommand: (settings) =>
      launcher.createCommand({ ...settings, variables: { ...settings.variables, ...variables } }),
  }
}
