import type { AnyValue, Attribute, Span } from '../../otlp/model.ts'

/** All spans of one set of labels, as the span metrics must count them; durations in order of arrival. */
export type SpanSeries = {
  readonly labels: Labels
  readonly durationsSeconds: readonly number[]
}

export type Labels = Readonly<Record<string, string>>

export type SpanOfResource = { readonly span: Span; readonly resource: readonly Attribute[] }

/** What `docs/telemetry.md` promises, on the span or else on its resource. */
const dimensions = [
  'hono.runtime.name',
  'http.request.method',
  'http.route',
  'http.response.status_code',
  'db.system.name',
  'db.operation.name',
  'db.collection.name',
] as const

/** Labels that a query may ask for; of any other the span metrics of the tests know nothing. */
export const knownLabels: ReadonlySet<string> = new Set([
  'service',
  'service_name',
  'span_name',
  'span_kind',
  'status_code',
  ...dimensions.map(toLabelName),
])

const kinds = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER']
const statuses = ['UNSET', 'OK', 'ERROR']

/** The labels that every series of a span must have; an absent one is not there. */
export function readSpanLabels({ span, resource }: SpanOfResource): Labels {
  const service = findText(resource, 'service.name') ?? ''
  const labels: Record<string, string> = {
    service,
    service_name: service,
    span_name: span.name,
    span_kind: `SPAN_KIND_${kinds[span.kind]}`,
    status_code: `STATUS_CODE_${statuses[span.status.code]}`,
  }
  for (const name of dimensions) {
    const value = findText(span.attributes, name) ?? findText(resource, name)
    if (value !== undefined) labels[toLabelName(name)] = value
  }
  return labels
}

/** Counts spans by their labels. */
export function countSpans(spans: readonly SpanOfResource[]): readonly SpanSeries[] {
  const byLabels = new Map<string, { labels: Labels; durationsSeconds: number[] }>()
  for (const one of spans) {
    const labels = readSpanLabels(one)
    const key = renderLabels(labels)
    const series = byLabels.get(key) ?? { labels, durationsSeconds: [] }
    byLabels.set(key, series)
    series.durationsSeconds.push(Number(one.span.endNanos - one.span.startNanos) / 1e9)
  }
  return [...byLabels.values()]
}

/** A text that is equal for equal labels. */
export function renderLabels(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function findText(attributes: readonly Attribute[], key: string): string | undefined {
  const value: AnyValue = attributes.find((it) => it.key === key)?.value ?? null
  return value === null ? undefined : String(value)
}

function toLabelName(name: string): string {
  return name.replaceAll('.', '_')
}
