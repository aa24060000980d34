import { parseTracesProtobuf } from '../../otlp/decode-protobuf.ts'
import type { Attribute, Span } from '../../otlp/model.ts'
import type { OtlpSink } from '../collector/otlp-sink.ts'

export type SpanOfResource = { readonly span: Span; readonly resource: readonly Attribute[] }

/** The spans that came in, one by one, in the order of arrival. */
export function readSpans({ requests }: OtlpSink): readonly SpanOfResource[] {
  return requests
    .filter(({ path }) => path === '/v1/traces')
    .flatMap(({ body }) => parseTracesProtobuf(body))
    .flatMap(({ resource, scopes }) =>
      scopes.flatMap(({ items }) => items.map((span) => ({ span, resource: resource.attributes }))),
    )
}
