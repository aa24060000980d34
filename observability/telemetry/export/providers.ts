import {
  type ContextManager,
  context,
  propagation,
  type TextMapPropagator,
} from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  CompositePropagator,
  W3CBaggagePropagator,
  W3CTraceContextPropagator,
} from '@opentelemetry/core'
import { defaultResource, type Resource, resourceFromAttributes } from '@opentelemetry/resources'
import { LoggerProvider, type SdkLogRecord } from '@opentelemetry/sdk-logs'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BasicTracerProvider,
  ParentBasedSampler,
  type ReadableSpan,
  type Sampler,
  type SpanProcessor,
  TraceIdRatioBasedSampler,
  type TracerConfig,
} from '@opentelemetry/sdk-trace-base'
import { ATTR_SERVICE_INSTANCE_ID, ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions'
import type { Propagator, SamplerSettings, TelemetrySettings } from '../settings/settings.ts'
import { createRandomIds } from '../spans/random-ids.ts'

// With `exporters.ts`, the only place that names the SDK: moving to another line of it happens here.

/** Attributes of a resource, a span or a record that a runtime states about itself. */
export type ResourceAttributes = Readonly<Record<string, string>>

/**
 * The resource of a process or isolate: what its runtime says and a fresh instance id, `OTEL_RESOURCE_ATTRIBUTES` over
 * it, and the service's name over all.
 */
export function createResource(settings: TelemetrySettings, runtime: ResourceAttributes): Resource {
  return defaultResource().merge(
    resourceFromAttributes({
      [ATTR_SERVICE_INSTANCE_ID]: crypto.randomUUID(),
      ...runtime,
      ...settings.resourceAttributes,
      [ATTR_SERVICE_NAME]: settings.serviceName,
    }),
  )
}

/** Takes what has ended. */
export type Sink<T> = {
  push(item: T): void
  drain(force?: boolean): Promise<void>
}

/** Makes a tracer provider from the SDK's own configuration; a platform may bring a class of its own. */
export type MakeTracerProvider = (config: TracerConfig) => BasicTracerProvider

/**
 * A provider whose ended spans go into the drain.
 *
 * @param make Defaults to the SDK's provider, without the parts that need a platform.
 */
export function createTracerProvider(
  settings: TelemetrySettings,
  resource: Resource,
  drain: Sink<ReadableSpan>,
  make: MakeTracerProvider = (config) => new BasicTracerProvider(config),
): BasicTracerProvider {
  const { limits } = settings
  return make({
    resource,
    sampler: createSampler(settings.sampler),
    idGenerator: createRandomIds(),
    // All of them: what is not given here, the SDK reads by itself from names of its own, and not on Workers.
    spanLimits: {
      attributeCountLimit: limits.spanAttributesMax,
      attributeValueLengthLimit: limits.spanAttributeCharactersMax,
      eventCountLimit: limits.spanEventsMax,
      linkCountLimit: limits.spanLinksMax,
      attributePerEventCountLimit: limits.eventAttributesMax,
      attributePerLinkCountLimit: limits.linkAttributesMax,
    },
    spanProcessors: [toProcessor(drain)],
  })
}

/** A provider whose records go into the drain. */
export function createLoggerProvider(
  { limits }: Pick<TelemetrySettings, 'limits'>,
  resource: Resource,
  drain: Sink<SdkLogRecord>,
): LoggerProvider {
  return new LoggerProvider({
    resource,
    logRecordLimits: {
      attributeCountLimit: limits.recordAttributesMax,
      attributeValueLengthLimit: limits.recordAttributeCharactersMax,
    },
    processors: [
      {
        onEmit: (record) => drain.push(record),
        forceFlush: () => drain.drain(),
        shutdown: () => drain.drain(true),
      },
    ],
  })
}

const propagatorsByName = {
  tracecontext: W3CTraceContextPropagator,
  baggage: W3CBaggagePropagator,
} as const

/**
 * Makes context follow promises, and what the propagators read (`traceparent`, `tracestate`, `baggage`) come in and go
 * out. Without these, OpenTelemetry loses parents and says nothing. Both are global to the process; the first call
 * counts.
 */
export function registerContext(propagators: readonly Propagator[]): void {
  const manager = new AsyncLocalStorageContextManager()
  manager.enable()
  const propagator = new CompositePropagator({
    propagators: propagators.map((name) => new propagatorsByName[name]()),
  })
  context.setGlobalContextManager(manager)
  propagation.setGlobalPropagator(propagator)
  completePlatformRegistry(manager, propagator)
}

/**
 * Puts in what a registry of the platform's own lacks: Deno's, which is there as soon as any of its `OTEL_DENO_*` is
 * on, calls itself of a later version, and the API registers nothing in a registry of another version than its own.
 */
function completePlatformRegistry(manager: ContextManager, propagator: TextMapPropagator): void {
  const registry: unknown = Reflect.get(globalThis, Symbol.for('opentelemetry.js.api.1'))
  if (typeof registry !== 'object' || registry === null) return
  if (!('context' in registry)) Object.assign(registry, { context: manager })
  if (!('propagation' in registry)) Object.assign(registry, { propagation: propagator })
}

function toProcessor(drain: Sink<ReadableSpan>): SpanProcessor {
  return {
    onStart() {},
    onEnd(span) {
      if ((span.spanContext().traceFlags & 1) === 1) drain.push(span)
    },
    forceFlush: () => drain.drain(),
    shutdown: () => drain.drain(true),
  }
}

function createSampler(settings: SamplerSettings): Sampler {
  const root = createRootSampler(settings)
  return settings.parentBased ? new ParentBasedSampler({ root }) : root
}

function createRootSampler(settings: SamplerSettings): Sampler {
  switch (settings.root) {
    case 'always_on':
      return new AlwaysOnSampler()
    case 'always_off':
      return new AlwaysOffSampler()
    case 'traceidratio':
      return new TraceIdRatioBasedSampler(settings.ratio)
  }
}
