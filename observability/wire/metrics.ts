import * as v from 'valibot'
import type { JsonValue } from '../otlp/to-json/json-value.ts'

const jsonSchema = v.custom<JsonValue>((value) => value !== undefined && value !== null)

/** The last point of a metric for one set of attributes. */
const metricPointSchema = v.pipe(
  v.strictObject({
    /** As OTLP/JSON has them, a list of `{key, value: {intValue: "3"}}`. */
    attributes: jsonSchema,
    /** In decimal digits, as it was sent; of a histogram or a summary its sum. `null` when none was sent. */
    value: v.nullable(v.string()),
    /** How many values a histogram or a summary has counted; `null` for other types. */
    count: v.nullable(v.string()),
    /** RFC 3339: since when its sender counts; `null` when it does not say. */
    startTime: v.nullable(v.string()),
    /** RFC 3339: when it was measured, or else when it arrived. */
    time: v.string(),
  }),
  v.readonly(),
)

const receivedMetricSchema = v.pipe(
  v.strictObject({
    service: v.nullable(v.string()),
    runtime: v.nullable(v.string()),
    /** Name of the scope. */
    scope: v.string(),
    name: v.string(),
    description: v.string(),
    unit: v.string(),
    type: v.picklist(['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary']),
    /** What the last point counts: since the one before, or since the start; `null` for types without. */
    temporality: v.nullable(v.picklist(['delta', 'cumulative', 'unspecified'])),
    /** RFC 3339: when the first point of it came to this collector. */
    firstSeen: v.string(),
    points: v.pipe(v.array(metricPointSchema), v.readonly()),
  }),
  v.readonly(),
)
export type MetricLine = v.InferOutput<typeof receivedMetricSchema>

/** `GET /api/metrics`: what services send to `/v1/metrics`, without a past. Charts of them are Grafana's job. */
export const metricsSchema = v.pipe(
  v.strictObject({
    /** By service, scope and name. */
    metrics: v.pipe(v.array(receivedMetricSchema), v.readonly()),
    /** Points that were let go to make room, those that were quiet for longest first. */
    evictedPoints: v.number(),
  }),
  v.readonly(),
)
export type MetricList = v.InferOutput<typeof metricsSchema>
