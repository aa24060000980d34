import {
  type AnyValue,
  type Attribute,
  readAttribute,
  type Span,
  StatusCode,
} from '../../otlp/model.ts'
import { attributesContain, type TextSearch } from './text-search.ts'
import type { Queried } from './where.ts'

const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const

/**
 * A span as `where` sees it: `name`, `kind`, `status`, `duration` in milliseconds, `traceId`, `spanId`, its attributes
 * and those of its resource.
 */
export function querySpan(span: Span, resource: readonly Attribute[]): Queried {
  return {
    readField: (key) => readSpanField(span, key),
    attributes: span.attributes,
    resource,
    contains: (search) => spanContains(span, search) || serviceContains(resource, search),
  }
}

export const spanFields = ['name', 'kind', 'status', 'duration', 'traceId', 'spanId'] as const

function readSpanField(span: Span, key: string): AnyValue | undefined {
  switch (key) {
    case 'name':
      return span.name
    case 'kind':
      return kinds[span.kind]
    case 'status':
      return readSpanStatus(span)
    case 'duration':
      return span.endNanos > span.startNanos ? Number(span.endNanos - span.startNanos) / 1e6 : 0
    case 'traceId':
      return span.traceId
    case 'spanId':
      return span.spanId
    default:
      return undefined
  }
}

/** The status in the words of the API. */
export function readSpanStatus({ status }: Span): 'ok' | 'error' | 'unset' {
  if (status.code === StatusCode.error) return 'error'
  return status.code === StatusCode.ok ? 'ok' : 'unset'
}

/** Whether the name of its service or its runtime has the words. */
export function serviceContains(resource: readonly Attribute[], search: TextSearch): boolean {
  return ['service.name', 'hono.runtime.name'].some((key) => {
    const name = readAttribute(resource, key)
    return typeof name === 'string' && search(name)
  })
}

/** Whether the words occur in the span's name, status message, events or attribute values. */
export function spanContains(span: Span, search: TextSearch): boolean {
  return (
    search(span.name) ||
    search(span.status.message) ||
    attributesContain(span.attributes, search) ||
    span.events.some((event) => search(event.name) || attributesContain(event.attributes, search))
  )
}
