import type {
  Exemplar,
  HistogramPoint,
  Metric,
  NumberPoint,
  ResourceMetrics,
} from '../../../otlp/model.ts'
import { Temporality } from '../../../otlp/model.ts'
import { type MetricType, toMetricName, toUnitName } from './prometheus-names.ts'
import { renderLabels } from './render-labels.ts'

/** All series of one name, each set of labels once. */
export type Family = {
  /** Without the `_total` of a counter. */
  readonly name: string
  readonly type: MetricType
  readonly unit: string
  readonly help: string
  /** By their labels, in the order in which they were first met. */
  readonly numbers: Map<string, NumberSample>
  readonly histograms: Map<string, HistogramSample>
}

/** The value of a counter or gauge for one set of labels. */
export type NumberSample = {
  readonly value: bigint | number
  readonly startNanos: bigint
  readonly exemplars: readonly Exemplar[]
}

/** A histogram for one set of labels; bucket counts are not cumulative. */
export type HistogramSample = {
  readonly count: bigint
  readonly sum: number | null
  readonly bounds: readonly number[]
  /** Per bucket, one more than bounds. */
  readonly bucketCounts: readonly bigint[]
  readonly startNanos: bigint
  readonly exemplars: readonly Exemplar[]
}

/** `DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK` */
const noRecordedValue = 1

/**
 * Gathers what is to be listed: a family per name, a sample per set of labels.
 *
 * Labels are those of the point alone, so two resources may come to the same ones. Listed twice they
 * would make the scrape invalid; they are summed, which for counts is what the labels say.
 *
 * Left out: deltas, which a scraper would take for totals; exponential histograms and summaries,
 * which span metrics are not made of.
 *
 * @throws Error when two metrics share a name but not their type or bounds, which cannot be listed.
 */
export function collectFamilies(groups: readonly ResourceMetrics[]): readonly Family[] {
  const families = new Map<string, Family>()
  for (const group of groups) {
    for (const scope of group.scopes) {
      for (const metric of scope.items) collectMetric(families, metric)
    }
  }
  return [...families.values()]
}

function collectMetric(families: Map<string, Family>, metric: Metric): void {
  const { data } = metric
  if (data.type === 'gauge') {
    const family = openFamily(families, metric, 'gauge')
    for (const point of data.points) addNumber(family, point)
  } else if (data.type === 'sum' && data.temporality === Temporality.cumulative) {
    const family = openFamily(families, metric, data.isMonotonic ? 'counter' : 'gauge')
    for (const point of data.points) addNumber(family, point)
  } else if (data.type === 'histogram' && data.temporality === Temporality.cumulative) {
    const family = openFamily(families, metric, 'histogram')
    for (const point of data.points) addHistogram(family, point)
  }
}

function openFamily(families: Map<string, Family>, metric: Metric, type: MetricType): Family {
  const name = toMetricName(metric.name, metric.unit, type)
  const known = families.get(name)
  if (known !== undefined) {
    if (known.type === type) return known
    throw new Error(`${name}: expected one type, got a ${known.type} and a ${type}`)
  }
  const family: Family = {
    name,
    type,
    unit: toUnitName(metric.unit),
    help: metric.description,
    numbers: new Map(),
    histograms: new Map(),
  }
  families.set(name, family)
  return family
}

function addNumber(family: Family, point: NumberPoint): void {
  if (point.value === null || (point.flags & noRecordedValue) !== 0) return
  const labels = renderLabels(point.attributes)
  const known = family.numbers.get(labels)
  family.numbers.set(labels, {
    value: known === undefined ? point.value : addValues(known.value, point.value),
    startNanos: earliest(known, point),
    exemplars: joinExemplars(known, point),
  })
}

function addHistogram(family: Family, point: HistogramPoint): void {
  if ((point.flags & noRecordedValue) !== 0) return
  const labels = renderLabels(point.attributes, 'le')
  const known = family.histograms.get(labels)
  if (known !== undefined && !haveSameBounds(known.bounds, point.bounds)) {
    throw new Error(`${family.name}{${labels}}: expected one list of bounds, got two`)
  }
  family.histograms.set(labels, {
    count: (known?.count ?? 0n) + point.count,
    sum: known === undefined ? point.sum : addSums(known.sum, point.sum),
    bounds: point.bounds,
    bucketCounts: point.bucketCounts.map(
      (count, index) => count + (known?.bucketCounts[index] ?? 0n),
    ),
    startNanos: earliest(known, point),
    exemplars: joinExemplars(known, point),
  })
}

function addValues(a: bigint | number, b: bigint | number): bigint | number {
  return typeof a === 'bigint' && typeof b === 'bigint' ? a + b : Number(a) + Number(b)
}

function addSums(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b
}

type Sample = { readonly startNanos: bigint; readonly exemplars: readonly Exemplar[] }

function earliest(known: Sample | undefined, point: Sample): bigint {
  if (known === undefined || point.startNanos < known.startNanos) return point.startNanos
  return known.startNanos
}

function joinExemplars(known: Sample | undefined, point: Sample): readonly Exemplar[] {
  return known === undefined ? point.exemplars : [...known.exemplars, ...point.exemplars]
}

function haveSameBounds(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((bound, index) => bound === b[index])
}
