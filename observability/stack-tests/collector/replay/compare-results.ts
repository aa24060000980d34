import { type CanonicalMetrics, canonicalizeMetrics } from './canonical-metrics.ts'
import type { Answer, StepResult } from './parity-case.ts'

/** A step as it is compared, and as it stands in a golden file. */
export type CanonicalStep = {
  readonly answers: readonly Answer[]
  readonly metrics: CanonicalMetrics
}

/** One thing in which the two collectors differ; `undefined` is what one of them has not. */
export type Difference = {
  /** From 1. */
  readonly step: number
  /** A resource and a row of it, or a request. */
  readonly resource: string
  readonly row: string
  readonly collector: string | undefined
  readonly embedded: string | undefined
}

export type Comparison = {
  /** Distinct series in all steps, of both. */
  readonly series: number
  /** Points in all steps, of both. */
  readonly points: number
  readonly differences: readonly Difference[]
}

export function canonicalizeStep({ answers, metrics }: StepResult): CanonicalStep {
  return { answers, metrics: canonicalizeMetrics(metrics) }
}

/** Compares what the OpenTelemetry Collector did with what the embedded collector did. */
export function compareResults(
  collector: readonly CanonicalStep[],
  embedded: readonly CanonicalStep[],
): Comparison {
  const series = new Set<string>()
  const differences: Difference[] = []
  let points = 0
  for (let index = 0; index < Math.max(collector.length, embedded.length); index++) {
    const step = index + 1
    const rows = pairSteps(collector[index], embedded[index])
    for (const row of rows) {
      if (row.isPoint) {
        points += 1
        series.add(`${row.resource} ${row.row}`)
      }
      if (row.collector !== row.embedded) {
        const { isPoint: _, ...rest } = row
        differences.push({ step, ...rest })
      }
    }
  }
  return { series: series.size, points, differences }
}

type Row = Omit<Difference, 'step'> & { readonly isPoint: boolean }

function* pairSteps(
  collector: CanonicalStep | undefined,
  embedded: CanonicalStep | undefined,
): Generator<Row> {
  const requests = Math.max(collector?.answers.length ?? 0, embedded?.answers.length ?? 0)
  for (let index = 0; index < requests; index++) {
    yield {
      resource: '',
      row: `request ${index + 1}`,
      collector: collector?.answers[index],
      embedded: embedded?.answers[index],
      isPoint: false,
    }
  }
  for (const resource of keysOf(collector?.metrics, embedded?.metrics)) {
    const ours = embedded?.metrics.get(resource)
    const theirs = collector?.metrics.get(resource)
    for (const row of keysOf(theirs, ours)) {
      // A point's name goes on with its attributes, a metric's own row does not.
      const isPoint = row.includes(' {')
      yield { resource, row, collector: theirs?.get(row), embedded: ours?.get(row), isPoint }
    }
  }
}

function keysOf(
  a: ReadonlyMap<string, unknown> | undefined,
  b: ReadonlyMap<string, unknown> | undefined,
): ReadonlySet<string> {
  return new Set([...(a?.keys() ?? []), ...(b?.keys() ?? [])])
}

const shownMax = 20

/** For a person: where, then one line for each collector. */
export function renderDifferences(differences: readonly Difference[]): string {
  const shown = differences
    .slice(0, shownMax)
    .map(({ step, resource, row, collector, embedded }) =>
      [
        `flush ${step}, ${row}`,
        ...(resource === '' ? [] : [`    of ${resource}`]),
        `  - Collector: ${collector ?? '(nothing)'}`,
        `  + embedded:  ${embedded ?? '(nothing)'}`,
      ].join('\n'),
    )
  const more = differences.length - shown.length
  return [...shown, ...(more > 0 ? [`… and ${more} more`] : [])].join('\n')
}
