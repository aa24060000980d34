import type { AnyValue, Attribute, ResourceSpans, Span } from '../../otlp/model.ts'
import { SpanKind, StatusCode } from '../../otlp/model.ts'
import type { PlayedRequest } from './play-round.ts'
import { driverName } from './prepare-operation.ts'

/**
 * The driver's own spans: one CLIENT span per request, the root of its trace, from sending to
 * the last byte. By the HTTP conventions of OpenTelemetry; `compare.*` are names of our own.
 */
export function createClientSpans(
  played: readonly PlayedRequest[],
  parentSpanId = '',
): readonly Span[] {
  const sent = played.filter(({ isSent }) => isSent)
  return sent.map((request) => {
    const { operation, runtime, round, method, url, answer, error } = request
    const { hostname, port, protocol } = new URL(url)
    const status = answer?.status
    return createSpan({
      traceId: request.traceId,
      spanId: request.spanId,
      parentSpanId,
      name: `${method} ${operation}`,
      kind: SpanKind.client,
      startNanos: toEpochNanos(request.sentAt),
      endNanos: toEpochNanos(request.endedAt),
      attributes: toAttributes({
        'http.request.method': method,
        'url.full': url,
        'server.address': hostname,
        'server.port': BigInt(port || (protocol === 'https:' ? 443 : 80)),
        'http.response.status_code': status === undefined ? undefined : BigInt(status),
        'error.type':
          error !== null ? 'no_answer' : status && status >= 400 ? `${status}` : undefined,
        'compare.operation': operation,
        'compare.runtime': runtime,
        'compare.round': BigInt(round),
        'compare.lag_millis': request.sentAt - request.intendedAt,
      }),
      // By the convention every 4xx and 5xx is an error on a client's span.
      status: {
        code: error !== null || (status ?? 0) >= 400 ? StatusCode.error : StatusCode.unset,
        message: error ?? '',
      },
    })
  })
}

/** An `ExportTraceServiceRequest`'s content for spans of the driver. */
export function groupDriverSpans(
  spans: readonly Span[],
  version: string,
): readonly ResourceSpans[] {
  if (spans.length === 0) return []
  const scope = { name: driverName, version, attributes: [], droppedAttributesCount: 0 }
  return [
    {
      resource: {
        attributes: toAttributes({
          'service.name': driverName,
          'service.version': version,
          'hono.runtime.name': '', // it runs nothing of what is compared
          'hono.runtime.clock': 'precise',
        }),
        droppedAttributesCount: 0,
      },
      schemaUrl: '',
      scopes: [{ scope, schemaUrl: '', items: spans }],
    },
  ]
}

/** A moment of `performance.now()` in nanoseconds since 1970, without losing what a double cannot hold. */
export function toEpochNanos(millis: number): bigint {
  const originMicros = BigInt(Math.round(performance.timeOrigin * 1000))
  return originMicros * 1000n + BigInt(Math.round(millis * 1e6))
}

/** A CLIENT span of the driver without links, events or trace state. */
export function createSpan(
  own: Pick<
    Span,
    | 'traceId'
    | 'spanId'
    | 'parentSpanId'
    | 'name'
    | 'kind'
    | 'startNanos'
    | 'endNanos'
    | 'attributes'
    | 'status'
  >,
): Span {
  return {
    ...own,
    traceState: '',
    flags: 1,
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
  }
}

/** A list in the order of the object's keys; `undefined` values are left out. */
export function toAttributes(
  values: Readonly<Record<string, AnyValue | undefined>>,
): readonly Attribute[] {
  return Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value }],
  )
}
