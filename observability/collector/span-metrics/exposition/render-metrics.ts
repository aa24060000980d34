import type { Exemplar, ResourceMetrics } from '../../../otlp/model.ts'
import {
  collectFamilies,
  type Family,
  type HistogramSample,
  type NumberSample,
} from './collect-families.ts'
import { formatCanonicalFloat, formatFloat, formatSeconds } from './format-number.ts'
import type { ExpositionFormat } from './negotiate-format.ts'
import { escapeLabelValue } from './render-labels.ts'

/**
 * Writes metrics for a scraper: OpenMetrics 1.0.0, or the Prometheus text format 0.0.4.
 *
 * Names follow the rule by which Prometheus names what it receives as OTLP. Exemplars and the times
 * at which series began are in OpenMetrics only; the other format has no place for them. Whatever
 * texts the attributes hold, the result is valid. Resource attributes are not shown.
 *
 * @throws Error when two metrics share a name but not their type or bounds.
 */
export function renderMetrics(
  groups: readonly ResourceMetrics[],
  format: ExpositionFormat,
): string {
  const lines: string[] = []
  for (const family of collectFamilies(groups)) {
    if (family.numbers.size + family.histograms.size > 0) renderFamily(family, format, lines)
  }
  if (format === 'openmetrics') lines.push('# EOF')
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}

function renderFamily(family: Family, format: ExpositionFormat, lines: string[]): void {
  const isOpen = format === 'openmetrics'
  // OpenMetrics names the family, the older format the sample.
  const named = family.type === 'counter' && !isOpen ? `${family.name}_total` : family.name
  lines.push(`# TYPE ${named} ${family.type}`)
  if (isOpen && family.unit !== '' && family.name.endsWith(`_${family.unit}`)) {
    lines.push(`# UNIT ${named} ${family.unit}`)
  }
  if (family.help !== '') lines.push(`# HELP ${named} ${escapeHelp(family.help, isOpen)}`)
  for (const [labels, sample] of sortByLabels(family.numbers)) {
    renderNumber(family, labels, sample, isOpen, lines)
  }
  for (const [labels, sample] of sortByLabels(family.histograms)) {
    renderHistogram(family.name, labels, sample, isOpen, lines)
  }
}

function renderNumber(
  { name, type }: Family,
  labels: string,
  sample: NumberSample,
  isOpen: boolean,
  lines: string[],
): void {
  const isCounter = type === 'counter'
  const exemplar = isOpen && isCounter ? renderExemplar(findLatest(sample.exemplars)) : ''
  const value = renderValue(sample.value)
  lines.push(`${name}${isCounter ? '_total' : ''}${inBraces(labels)} ${value}${exemplar}`)
  if (isOpen && isCounter) {
    lines.push(`${name}_created${inBraces(labels)} ${formatSeconds(sample.startNanos)}`)
  }
}

function renderHistogram(
  name: string,
  labels: string,
  sample: HistogramSample,
  isOpen: boolean,
  lines: string[],
): void {
  const prefix = `${name}_bucket{${labels === '' ? '' : `${labels},`}le="`
  const format = isOpen ? formatCanonicalFloat : formatFloat
  let cumulative = 0n
  let below = Number.NEGATIVE_INFINITY
  for (const [index, bound] of sample.bounds.entries()) {
    cumulative += sample.bucketCounts[index] ?? 0n
    const exemplar = isOpen ? renderExemplar(findLatest(sample.exemplars, below, bound)) : ''
    lines.push(`${prefix}${format(bound)}"} ${cumulative}${exemplar}`)
    below = bound
  }
  const exemplar = isOpen ? renderExemplar(findLatest(sample.exemplars, below)) : ''
  lines.push(`${prefix}+Inf"} ${sample.count}${exemplar}`)
  if (sample.sum !== null) lines.push(`${name}_sum${inBraces(labels)} ${formatFloat(sample.sum)}`)
  lines.push(`${name}_count${inBraces(labels)} ${sample.count}`)
  if (isOpen) lines.push(`${name}_created${inBraces(labels)} ${formatSeconds(sample.startNanos)}`)
}

/** Resources are held by how recently they were seen; a person who looks twice wants one order. */
function sortByLabels<T>(samples: ReadonlyMap<string, T>): readonly (readonly [string, T])[] {
  return [...samples].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
}

/** The last seen exemplar whose value is above `below` and not above `bound`. */
function findLatest(
  exemplars: readonly Exemplar[],
  below = Number.NEGATIVE_INFINITY,
  bound = Number.POSITIVE_INFINITY,
): Exemplar | undefined {
  let latest: Exemplar | undefined
  for (const exemplar of exemplars) {
    if (exemplar.value === null || exemplar.value <= below || exemplar.value > bound) continue
    if (latest === undefined || exemplar.timeNanos >= latest.timeNanos) latest = exemplar
  }
  return latest
}

/** OpenMetrics: the labels of an exemplar, names and values together, have at most 128 characters. */
const exemplarCharsMax = 128

function renderExemplar(exemplar: Exemplar | undefined): string {
  if (exemplar === undefined || exemplar.value === null) return ''
  const { traceId, spanId } = exemplar
  const labels = [`trace_id="${escapeLabelValue(traceId)}"`]
  if (spanId !== '') labels.push(`span_id="${escapeLabelValue(spanId)}"`)
  const chars = 'trace_idspan_id'.length + traceId.length + spanId.length
  if (traceId === '' || chars > exemplarCharsMax) return ''
  const value = renderValue(exemplar.value)
  return ` # {${labels.join(',')}} ${value} ${formatSeconds(exemplar.timeNanos)}`
}

function renderValue(value: bigint | number): string {
  return typeof value === 'bigint' ? String(value) : formatFloat(value)
}

function inBraces(labels: string): string {
  return labels === '' ? '' : `{${labels}}`
}

function escapeHelp(help: string, isOpen: boolean): string {
  const escaped = help.toWellFormed().replaceAll('\0', '\uFFFD').replaceAll('\\', '\\\\')
  const oneLine = escaped.replaceAll('\n', '\\n')
  return isOpen ? oneLine.replaceAll('"', '\\"') : oneLine
}
