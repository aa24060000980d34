import type { AnyValue, Attribute, Span } from '../otlp/model.ts'
import { StatusCode } from '../otlp/model.ts'

const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const

/** A field of a span as `where` names it: `name`, `kind`, `status`, `duration` in milliseconds, `traceId`, `spanId`. */
export function readSpanField(span: Span, key: string): AnyValue | undefined {
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

export function readSpanStatus({ status }: Span): 'ok' | 'error' | 'unset' {
  if (status.code === StatusCode.error) return 'error'
  return status.code === StatusCode.ok ? 'ok' : 'unset'
}

/** Whether words occur in a name, a message or a value of text, whatever their letter case. */
export function spanHasWords(span: Span, words: string): boolean {
  const lower = words.toLowerCase()
  const has = (text: string) => text.toLowerCase().includes(lower)
  const some = (attributes: readonly Attribute[]) =>
    attributes.some(({ value }) => typeof value === 'string' && has(value))
  return (
    has(span.name) ||
    has(span.status.message) ||
    some(span.attributes) ||
    span.events.some(({ name, attributes }) => has(name) || some(attributes))
  )
}
