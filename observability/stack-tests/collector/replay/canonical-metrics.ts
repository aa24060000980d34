import { createHash } from 'node:crypto'
import { parseMetricsJson } from '../../../otlp/decode-json.ts'
import type {
  AnyValue,
  Attribute,
  Exemplar,
  HistogramPoint,
  Metric,
  NumberPoint,
  ResourceMetrics,
} from '../../../otlp/model.ts'
import { Temporality } from '../../../otlp/model.ts'

/**
 * One flush in a form in which two collectors can be compared, and a person can read the difference:
 * per resource, what there is and what it holds.
 *
 * Order means nothing in it, and times are left out, since no two collectors flush at the same one.
 * Everything else is kept, types of attribute values included.
 */
export type CanonicalMetrics = ReadonlyMap<string, ReadonlyMap<string, string>>

/** Replaces the bounds of a metric without a point. */
export const noPoints = 'no points'

/** @throws DecodeError when the text is no `ExportMetricsServiceRequest` in OTLP/JSON. */
export function canonicalizeMetrics(json: string): CanonicalMetrics {
  const resources = parseMetricsJson(json).map(
    (group) =>
      [`resource ${renderAttributes(group.resource.attributes)}`, readRows(group)] as const,
  )
  return new Map(sortRows(resources, ([, rows]) => JSON.stringify([...rows])))
}

function readRows(group: ResourceMetrics): ReadonlyMap<string, string> {
  const rows = group.scopes.flatMap(({ scope, schemaUrl, items }) => {
    const origin = [scope.name, scope.version, schemaUrl, group.schemaUrl].join('|')
    return items.flatMap((metric) => [
      [metric.name, `${origin} ${describeMetric(metric)}`] as const,
      ...readPoints(metric),
    ])
  })
  return new Map(sortRows(rows, ([, value]) => value))
}

/** Sorted, and told apart by a number where two have the same name: a duplicate is a difference too. */
function sortRows<T>(
  rows: readonly (readonly [string, T])[],
  toText: (row: readonly [string, T]) => string,
): readonly (readonly [string, T])[] {
  const sorted = rows.toSorted(
    (a, b) => compareTexts(a[0], b[0]) || compareTexts(toText(a), toText(b)),
  )
  const seen = new Map<string, number>()
  return sorted.map(([name, value]) => {
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return [count === 1 ? name : `${name} #${count}`, value] as const
  })
}

function describeMetric({ data, unit, description }: Metric): string {
  const words: string[] = [data.type, `unit ${JSON.stringify(unit)}`]
  if (description !== '') words.push(`description ${JSON.stringify(description)}`)
  if ('temporality' in data) {
    words.push(data.temporality === Temporality.cumulative ? 'cumulative' : `${data.temporality}`)
  }
  if (data.type === 'sum' && data.isMonotonic) words.push('monotonic')
  if (data.type !== 'none' && data.points.length === 0) words.push(noPoints)
  if (data.type === 'histogram') {
    words.push(...new Set(data.points.map(({ bounds }) => `bounds ${bounds.join(' ')}`)))
  }
  return words.join(', ')
}

function readPoints(metric: Metric): readonly (readonly [string, string])[] {
  const { name, data } = metric
  const identify = (point: { readonly attributes: readonly Attribute[] }) =>
    `${name} ${renderAttributes(point.attributes)}`
  if (data.type === 'sum') {
    return data.points.map((point) => [identify(point), renderNumber(point)])
  }
  if (data.type === 'histogram') {
    return data.points.map((point) => [identify(point), renderHistogram(point)])
  }
  return data.type === 'none' ? [] : data.points.map((point) => [identify(point), 'unexpected'])
}

function renderNumber(point: NumberPoint): string {
  const value = point.value === null ? 'none' : renderValue(point.value)
  return `${value}${renderFlags(point.flags)}${renderExemplars(point.exemplars)}`
}

function renderHistogram(point: HistogramPoint): string {
  const buckets = renderCounts(point.bucketCounts)
  const { count, sum, min, max } = point
  const extremes = min === null && max === null ? '' : `, min ${min}, max ${max}`
  return `count ${count}, sum ${sum}${extremes}, buckets ${buckets}${renderFlags(point.flags)}${renderExemplars(point.exemplars)}`
}

/** `0×3 7 0` for 0 0 0 7 0: most buckets are empty. */
function renderCounts(counts: readonly bigint[]): string {
  const runs: { readonly count: bigint; length: number }[] = []
  for (const count of counts) {
    const last = runs.at(-1)
    if (last?.count === count) last.length += 1
    else runs.push({ count, length: 1 })
  }
  return runs
    .map(({ count, length }) => (length === 1 ? `${count}` : `${count}×${length}`))
    .join(' ')
}

function renderFlags(flags: number): string {
  return flags === 0 ? '' : `, flags ${flags}`
}

function renderExemplars(exemplars: readonly Exemplar[]): string {
  if (exemplars.length === 0) return ''
  const texts = exemplars.map(({ traceId, spanId, value, filteredAttributes }) => {
    const extra = filteredAttributes.length === 0 ? '' : renderAttributes(filteredAttributes)
    return `${traceId}/${spanId}=${value === null ? 'none' : renderValue(value)}${extra}`
  })
  return `, exemplars ${texts.toSorted(compareTexts).join(' ')}`
}

/** In a fixed order, with types. */
export function renderAttributes(attributes: readonly Attribute[]): string {
  const texts = attributes.map(({ key, value }) => {
    // New at every start of either collector; that it is there and is a UUID is what can be compared.
    const isInstance = key === 'collector.instance.id' && uuid.test(String(value))
    return `${JSON.stringify(key)}: ${isInstance ? 'a UUID' : renderValue(value)}`
  })
  return `{${texts.toSorted(compareTexts).join(', ')}}`
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Types are told apart: 1 is an int, 1.0 a double, "1" a text. */
function renderValue(value: AnyValue): string {
  if (value === null) return 'empty'
  if (typeof value === 'string') return renderText(value)
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return renderDouble(value)
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`
  if ('values' in value) return `[${value.values.map(renderValue).join(', ')}]`
  return renderAttributes(value.entries)
}

/** A long one by what it begins with, how long it is and its hash: files and messages stay readable. */
function renderText(text: string): string {
  if (text.length <= textCharsMax) return JSON.stringify(text)
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16)
  return `${JSON.stringify(text.slice(0, 20))}… of ${text.length} (${hash})`
}

const textCharsMax = 200

function renderDouble(value: number): string {
  if (Object.is(value, -0)) return '-0.0'
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.0` : String(value)
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
