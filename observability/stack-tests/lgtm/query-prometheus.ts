import * as v from 'valibot'
import type { Element, Labels, Vector } from './find-mismatches.ts'

const askMillisMax = 20_000

const point = v.tuple([v.number(), v.string()])
const labels = v.record(v.string(), v.string())
const vectorAnswer = v.object({
  data: v.object({
    resultType: v.literal('vector'),
    result: v.array(v.object({ metric: labels, value: point })),
  }),
})
const matrixSeries = v.object({ metric: labels, values: v.array(point) })
const matrixAnswer = v.object({
  data: v.object({ resultType: v.literal('matrix'), result: v.array(matrixSeries) }),
})
const labelsAnswer = v.object({ data: v.array(v.string()) })
const exemplarsAnswer = v.object({
  data: v.array(
    v.object({
      seriesLabels: labels,
      exemplars: v.array(v.object({ labels, value: v.string(), timestamp: v.number() })),
    }),
  ),
})

/** Samples of one series, as they were stored. */
export type StoredSeries = {
  readonly labels: Labels
  readonly samples: readonly { readonly timeMillis: number; readonly value: number }[]
}

export type StoredExemplar = {
  readonly labels: Labels
  readonly traceId: string
  readonly spanId: string
  readonly value: number
}

/** A query's result at one moment. */
export async function queryAt(url: string, query: string, timeMillis: number): Promise<Vector> {
  const { data } = await ask(url, 'query', { query, time: toSeconds(timeMillis) }, vectorAnswer)
  return data.result.map((it) => toElement(it.metric, it.value[1]))
}

export type AskedRange = {
  readonly startMillis: number
  readonly endMillis: number
  readonly stepMillis: number
}

/** A query's result over time, asked for as a graph asks. */
export async function queryRange(
  url: string,
  query: string,
  { startMillis, endMillis, stepMillis }: AskedRange,
): Promise<readonly StoredSeries[]> {
  const parameters = {
    query,
    start: toSeconds(startMillis),
    end: toSeconds(endMillis),
    step: toSeconds(stepMillis),
  }
  const { data } = await ask(url, 'query_range', parameters, matrixAnswer)
  return data.result.map(toSeries)
}

/** A graph's values at its end, without series that ended before. */
export async function queryEndOfRange(
  url: string,
  query: string,
  range: AskedRange,
): Promise<Vector> {
  const series = await queryRange(url, query, range)
  return series.flatMap(({ labels, samples }) => {
    const last = samples.at(-1)
    return last?.timeMillis === range.endMillis ? [{ labels, value: last.value }] : []
  })
}

/** The samples that a selector with a range means, such as `up[5m]`. */
export async function querySamples(
  url: string,
  query: string,
  timeMillis: number,
): Promise<readonly StoredSeries[]> {
  const { data } = await ask(url, 'query', { query, time: toSeconds(timeMillis) }, matrixAnswer)
  return data.result.map(toSeries)
}

/** Values of a label, as a variable of a dashboard asks for them. */
export async function queryLabelValues(
  url: string,
  label: string,
  selector: string,
  range: { readonly startMillis: number; readonly endMillis: number },
): Promise<readonly string[]> {
  const parameters = {
    'match[]': selector,
    start: toSeconds(range.startMillis),
    end: toSeconds(range.endMillis),
  }
  const { data } = await ask(url, `label/${label}/values`, parameters, labelsAnswer)
  return data
}

/** Exemplars of all series within a query. */
export async function queryExemplars(
  url: string,
  query: string,
  range: { readonly startMillis: number; readonly endMillis: number },
): Promise<readonly StoredExemplar[]> {
  const parameters = {
    query,
    start: toSeconds(range.startMillis),
    end: toSeconds(range.endMillis),
  }
  const { data } = await ask(url, 'query_exemplars', parameters, exemplarsAnswer)
  return data.flatMap(({ seriesLabels, exemplars }) =>
    exemplars.map((it) => ({
      labels: seriesLabels,
      traceId: it.labels.trace_id ?? '',
      spanId: it.labels.span_id ?? '',
      value: Number(it.value),
    })),
  )
}

async function ask<T>(
  prometheusUrl: string,
  path: string,
  parameters: Readonly<Record<string, string>>,
  schema: v.GenericSchema<unknown, T>,
): Promise<T> {
  const url = `${prometheusUrl}/api/v1/${path}?${new URLSearchParams(parameters)}`
  const response = await fetch(url, { signal: AbortSignal.timeout(askMillisMax) })
  const text = await response.text()
  if (!response.ok)
    throw new Error(`${parameters.query ?? url}: Prometheus says ${response.status} ${text}`)
  return v.parse(schema, JSON.parse(text))
}

function toSeries({ metric, values }: v.InferOutput<typeof matrixSeries>): StoredSeries {
  return {
    labels: metric,
    samples: values.map(([time, value]) => ({
      timeMillis: Math.round(time * 1000),
      value: parseNumber(value),
    })),
  }
}

function toElement({ __name__: _, ...rest }: Labels, value: string): Element {
  return { labels: rest, value: parseNumber(value) }
}

function parseNumber(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY
  return text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text)
}

function toSeconds(millis: number): string {
  return (millis / 1000).toFixed(3)
}
