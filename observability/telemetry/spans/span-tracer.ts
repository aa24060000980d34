import {
  type Attributes,
  type Context,
  context,
  INVALID_SPAN_CONTEXT,
  isSpanContextValid,
  type Link,
  type Span,
  SpanKind,
  type SpanOptions,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { isTracingSuppressed } from '@opentelemetry/core'
import {
  type IdGenerator,
  type Sampler,
  SamplingDecision,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { createShareable, RecordedSpan, type SpanParts, toMillis } from './recorded-span.ts'

const noAttributes: Attributes = {}
const noLinks: Link[] = []

type Decided = SpanParts & { readonly sampler: Sampler; readonly ids: IdGenerator }

/**
 * A tracer that obeys what a provider of the SDK's decided for one of its own (resource, sampler, limits, ids,
 * processors) and makes lighter spans of it.
 *
 * @throws Of a tracer that was made by another line of the SDK, which keeps these otherwise.
 */
export function createSpanTracer(tracer: Tracer): Tracer {
  const decided = readDecided(tracer)
  function startSpan(
    name: string,
    options: SpanOptions = {},
    parentContext: Context = context.active(),
  ): Span {
    const within = options.root === true ? trace.deleteSpan(parentContext) : parentContext
    if (isTracingSuppressed(within)) return trace.wrapSpanContext(INVALID_SPAN_CONTEXT)
    const parentSpan = trace.getSpan(within)
    const given = parentSpan?.spanContext()
    const isValid = given && (parentSpan instanceof RecordedSpan || isSpanContextValid(given))
    const parent = isValid ? given : undefined
    const { sampler, ids } = decided
    const spanId = ids.generateSpanId()
    const traceId = parent?.traceId ?? ids.generateTraceId()
    const kind = options.kind ?? SpanKind.INTERNAL
    const { attributes = noAttributes, links = noLinks } = options
    const sampled = sampler.shouldSample(within, traceId, name, kind, attributes, links)
    const traceState = sampled.traceState ?? parent?.traceState
    const isSampled = sampled.decision === SamplingDecision.RECORD_AND_SAMPLED
    const traceFlags = isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE
    const spanContext =
      traceState === undefined
        ? { traceId, spanId, traceFlags }
        : { traceId, spanId, traceFlags, traceState }
    if (sampled.decision === SamplingDecision.NOT_RECORD) return trace.wrapSpanContext(spanContext)
    const startMillis = toMillis(options.startTime)
    const span = new RecordedSpan(decided, {
      name,
      kind,
      context: spanContext,
      parent,
      startMillis,
    })
    for (const link of links) span.addLink(link)
    span.setAttributes(attributes)
    if (sampled.attributes !== undefined) span.setAttributes(sampled.attributes)
    decided.processor.onStart(span, within)
    return span
  }

  return {
    startSpan,
    // biome-ignore lint/suspicious/noExplicitAny: the overloads of the interface allow no narrower implementation
    startActiveSpan(name: string, ...rest: any[]) {
      const run = rest.at(-1)
      const [options, parent = context.active()] = rest.slice(0, -1)
      const span = startSpan(name, options, parent)
      return context.with(trace.setSpan(parent, span), run, undefined, span)
    },
  }
}

function readDecided(tracer: Tracer): Decided {
  const read = <T>(name: string, isIt: (value: unknown) => value is T): T => {
    const value: unknown = Reflect.get(tracer, name)
    if (isIt(value)) return value
    throw new Error(
      `the SDK's tracer: expected ${name}, got ${typeof value}; another version of it?`,
    )
  }
  const limits = read('_spanLimits', hasMembers<SpanParts['limits']>('attributeCountLimit'))
  return {
    resource: read('_resource', hasMembers<SpanParts['resource']>('attributes')),
    scope: read('instrumentationScope', hasMembers<SpanParts['scope']>('name')),
    limits,
    shareable: createShareable(limits),
    processor: read('_spanProcessor', hasMembers<SpanProcessor>('onStart', 'onEnd')),
    sampler: read('_sampler', hasMembers<Sampler>('shouldSample')),
    ids: read('_idGenerator', hasMembers<IdGenerator>('generateSpanId')),
  }
}

function hasMembers<T extends object>(...names: readonly (keyof T & string)[]) {
  return (value: unknown): value is T =>
    typeof value === 'object' && value !== null && names.every((name) => name in value)
}
