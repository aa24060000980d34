import * as v from 'valibot'
import { described } from '../plumbing/described.ts'
import { attributesSchema } from './otlp-schemas.ts'

/** The last point of a metric for one set of attributes. */
const metricPointSchema = v.pipe(
  v.strictObject({
    attributes: attributesSchema,
    value: described(
      v.nullable(v.string()),
      'In decimal digits, as it was sent; of a histogram or a summary its sum. `null` when none was sent.',
    ),
    count: described(
      v.nullable(v.string()),
      'How many values a histogram or a summary has counted; `null` for other types.',
    ),
    startTime: described(
      v.nullable(v.string()),
      'RFC 3339: since when its sender counts; `null` when it does not say.',
    ),
    time: described(v.string(), 'RFC 3339: when it was measured, or else when it arrived.'),
  }),
  v.readonly(),
)

export const receivedMetricSchema = v.pipe(
  v.strictObject({
    service: v.nullable(v.string()),
    runtime: v.nullable(v.string()),
    scope: described(v.string(), 'Name of the scope.'),
    name: v.string(),
    description: v.string(),
    unit: v.string(),
    type: v.picklist(['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary']),
    temporality: described(
      v.nullable(v.picklist(['delta', 'cumulative', 'unspecified'])),
      'What the last point counts: since the one before, or since the start; `null` for types without.',
    ),
    firstSeen: described(
      v.string(),
      'RFC 3339: when the first point of it came to this collector.',
    ),
    points: v.pipe(v.array(metricPointSchema), v.readonly()),
  }),
  v.readonly(),
)
export type MetricLine = v.InferOutput<typeof receivedMetricSchema>

/** `GET /api/metrics`: what services send to `/v1/metrics`, without a past. Charts of them are Grafana's job. */
export const metricsSchema = v.pipe(
  v.strictObject({
    metrics: described(
      v.pipe(v.array(receivedMetricSchema), v.readonly()),
      'By service, scope and name.',
    ),
    evictedPoints: described(
      v.number(),
      'Points that were let go to make room, those that were quiet for longest first.',
    ),
  }),
  v.readonly(),
)
export type MetricList = v.InferOutput<typeof metricsSchema>
