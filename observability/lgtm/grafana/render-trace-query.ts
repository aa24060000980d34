import { readAttribute } from '../../otlp/model.ts'
import type { SpanOfResource } from '../spans/span-series.ts'
import type { Tag } from './read-data-sources.ts'

/**
 * The query that a link from a span leads to, as Grafana's view of a trace makes it.
 *
 * A tag counts where the resource or the span has it.
 *
 * @throws Error when something is left that was not replaced.
 */
export function renderTraceQuery(
  query: string,
  tags: readonly Tag[],
  { span, resource }: SpanOfResource,
): string {
  const matchers = tags.flatMap(({ key, value: label }) => {
    const value = readAttribute(resource, key) ?? readAttribute(span.attributes, key)
    return value === undefined || value === null ? [] : [`${label}="${value}"`]
  })
  const rendered = query
    .replaceAll(/\$(?:\{__tags\}|__tags)/g, matchers.join(', '))
    .replaceAll(/\$\{__trace\.traceId\}/g, span.traceId)
    .replaceAll(/\$\{__span\.spanId\}/g, span.spanId)
  if (!rendered.includes('$')) return rendered
  throw new Error(`${query}: expected only tags and ids to be replaced, got ${rendered}`)
}
