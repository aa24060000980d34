import { type Context, ROOT_CONTEXT, SpanKind, TraceFlags, trace } from '@opentelemetry/api'
import {
  BasicTracerProvider,
  type ReadableSpan,
  SamplingDecision,
} from '@opentelemetry/sdk-trace-base'
import { describe, expect, test } from 'vitest'
import { parseTelemetrySettings } from '../settings/settings.ts'
import type { Variables } from '../settings/variable-reader.ts'
import { createLoggerProvider, createResource, createTracerProvider } from './providers.ts'

function resourceOf(variables: Variables, runtime: Readonly<Record<string, string>> = {}) {
  return createResource(parseTelemetrySettings(variables), runtime).attributes
}

describe('the resource', () => {
  test('says what the service, the environment and the SDK are', () => {
    expect(resourceOf({})).toEqual({
      'service.name': 'unknown_service',
      'service.instance.id': expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      'telemetry.sdk.name': 'opentelemetry',
      'telemetry.sdk.language': 'nodejs',
      'telemetry.sdk.version': expect.stringMatching(/^\d+\.\d+\.\d+$/),
    })
  })

  test('has an instance id of its own each time', () => {
    expect(resourceOf({})['service.instance.id']).not.toBe(resourceOf({})['service.instance.id'])
  })

  test('has what the runtime says, and over it what OTEL_RESOURCE_ATTRIBUTES says', () => {
    const runtime = { 'hono.runtime.name': 'node', 'hono.runtime.clock': 'io-only' }
    expect(
      resourceOf(
        {
          OTEL_RESOURCE_ATTRIBUTES:
            'hono.runtime.clock=millisecond,deployment.environment.name=staging,service.instance.id=7',
        },
        runtime,
      ),
    ).toMatchObject({
      'hono.runtime.name': 'node',
      'hono.runtime.clock': 'millisecond',
      'deployment.environment.name': 'staging',
      'service.instance.id': '7',
    })
  })

  // The specification gives the variable precedence over a service.name among the resource attributes.
  test.each([
    [{}, 'unknown_service'],
    [{ OTEL_RESOURCE_ATTRIBUTES: 'service.name=attribute' }, 'attribute'],
    [{ OTEL_SERVICE_NAME: 'variable' }, 'variable'],
    [
      { OTEL_SERVICE_NAME: 'variable', OTEL_RESOURCE_ATTRIBUTES: 'service.name=attribute' },
      'variable',
    ],
  ])('with %j the service is called %s', (variables, name) => {
    expect(resourceOf(variables, { 'service.name': 'runtime' })['service.name']).toBe(name)
  })
})

/** Spans that a provider with these variables gives away at their end. */
function createTracer(variables: Variables) {
  const kept: ReadableSpan[] = []
  const drain = { async drain() {}, push: (span: ReadableSpan) => kept.push(span) }
  const settings = parseTelemetrySettings(variables)
  const provider = createTracerProvider(settings, createResource(settings, {}), drain)
  return { tracer: provider.getTracer('test'), kept }
}

function parentWith(traceFlags: TraceFlags, traceId = '0af7651916cd43dd8448eb211c80319c'): Context {
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId: 'b7ad6b7169203331',
    traceFlags,
    isRemote: true,
  })
}

describe('the sampler', () => {
  const cases = [
    { sampler: undefined, root: true, sampledParent: true, unsampledParent: false },
    { sampler: 'always_on', root: true, sampledParent: true, unsampledParent: true },
    { sampler: 'always_off', root: false, sampledParent: false, unsampledParent: false },
    { sampler: 'parentbased_always_on', root: true, sampledParent: true, unsampledParent: false },
    { sampler: 'parentbased_always_off', root: false, sampledParent: true, unsampledParent: false },
    {
      sampler: 'parentbased_traceidratio',
      root: false,
      sampledParent: true,
      unsampledParent: false,
    },
  ]

  test.each(cases)(
    '$sampler keeps a root: $root, a child of a sampled parent: $sampledParent, of another: $unsampledParent',
    ({ sampler, root, sampledParent, unsampledParent }) => {
      const { tracer, kept } = createTracer({
        OTEL_TRACES_SAMPLER: sampler,
        OTEL_TRACES_SAMPLER_ARG: '0',
      })
      const isKept = (parent: Context) => {
        kept.length = 0
        tracer.startSpan('span', { kind: SpanKind.SERVER }, parent).end()
        return kept.length === 1
      }
      expect(isKept(ROOT_CONTEXT)).toBe(root)
      expect(isKept(parentWith(TraceFlags.SAMPLED))).toBe(sampledParent)
      expect(isKept(parentWith(TraceFlags.NONE))).toBe(unsampledParent)
    },
  )

  test('of a platform may record what is not sampled: it is not sent', () => {
    const kept: ReadableSpan[] = []
    const drain = { async drain() {}, push: (span: ReadableSpan) => kept.push(span) }
    const settings = parseTelemetrySettings({})
    const sampler = { shouldSample: () => ({ decision: SamplingDecision.RECORD }) }
    const provider = createTracerProvider(
      settings,
      createResource(settings, {}),
      drain,
      (config) => new BasicTracerProvider({ ...config, sampler }),
    )
    const span = provider.getTracer('test').startSpan('span')
    expect(span.isRecording()).toBe(true)
    span.end()
    expect(kept).toEqual([])
  })

  test('a ratio decides by the trace id alone, so that all services decide the same', () => {
    const { tracer, kept } = createTracer({
      OTEL_TRACES_SAMPLER: 'traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.5',
    })
    for (let i = 0; i < 400; i++) {
      const traceId = crypto.randomUUID().replaceAll('-', '')
      const before = kept.length
      tracer.startSpan('one', {}, parentWith(TraceFlags.SAMPLED, traceId)).end()
      tracer.startSpan('two', {}, parentWith(TraceFlags.SAMPLED, traceId)).end()
      expect((kept.length - before) % 2).toBe(0)
    }
    expect(kept.length).toBeGreaterThan(200)
    expect(kept.length).toBeLessThan(600)
  })
})

test('what a span and a record keep of a long value is bounded', () => {
  const { tracer, kept } = createTracer({})
  tracer.startSpan('span', { attributes: { 'user_agent.original': 'x'.repeat(20_000) } }).end()
  expect(String(kept[0]?.attributes['user_agent.original'])).toHaveLength(4096)

  const settings = parseTelemetrySettings({})
  const attributes: unknown[] = []
  const drain = {
    async drain() {},
    push: (record: { readonly attributes: object }) => attributes.push(record.attributes),
  }
  createLoggerProvider(settings, createResource(settings, {}), drain)
    .getLogger('test')
    .emit({ attributes: { path: 'x'.repeat(20_000) } })
  expect(attributes).toEqual([{ path: 'x'.repeat(4096) }])
})
