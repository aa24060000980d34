import * as v from 'valibot'
import type { Vector } from './promql/select-series.ts'
import type { Labels } from './spans/span-series.ts'

const askMillisMax = 20_000

const labels = v.record(v.string(), v.string())
const streamsAnswer = v.object({
  data: v.object({
    resultType: v.literal('streams'),
    result: v.array(
      v.object({ stream: labels, values: v.array(v.tuple([v.string(), v.string()])) }),
    ),
  }),
})
const matrixAnswer = v.object({
  data: v.object({
    resultType: v.literal('matrix'),
    result: v.array(
      v.object({ metric: labels, values: v.array(v.tuple([v.number(), v.string()])) }),
    ),
  }),
})

/** A record as Loki gives it: structured metadata and labels of its stream are together. */
export type StoredRecord = {
  readonly timeNanos: bigint
  readonly labels: Labels
  readonly line: string
}

export type LokiRange = { readonly startMillis: number; readonly endMillis: number }

/** The newest records that a query finds, at most `limit`. */
export async function queryRecords(
  url: string,
  query: string,
  range: LokiRange,
  limit: number,
): Promise<readonly StoredRecord[]> {
  const parameters = { limit: String(limit), direction: 'backward' }
  const { data } = await ask(url, query, range, parameters, streamsAnswer)
  return data.result.flatMap(({ stream, values }) =>
    values.map(([time, line]) => ({ timeNanos: BigInt(time), labels: stream, line })),
  )
}

/** The sum over all points of a query, which is the count of all records where the points are as far apart as each looks back. */
export async function queryTotals(
  url: string,
  query: string,
  range: LokiRange,
  stepMillis: number,
): Promise<Vector> {
  const parameters = { step: `${stepMillis}ms` }
  const { data } = await ask(url, query, range, parameters, matrixAnswer)
  return data.result.map(({ metric, values }) => ({
    labels: metric,
    value: values.reduce((sum, [, value]) => sum + Number(value), 0),
  }))
}

async function ask<T>(
  lokiUrl: string,
  query: string,
  { startMillis, endMillis }: LokiRange,
  parameters: Readonly<Record<string, string>>,
  schema: v.GenericSchema<unknown, T>,
): Promise<T> {
  const search = new URLSearchParams({
    query,
    start: `${startMillis}000000`,
    end: `${endMillis}000000`,
    ...parameters,
  })
  const response = await fetch(`${lokiUrl}/loki/api/v1/query_range?${search}`, {
    signal: AbortSignal.timeout(askMillisMax),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${query}: Loki says ${response.status} ${text}`)
  return v.parse(schema, JSON.parse(text))
}
