import type {
  Exemplar,
  ExponentialBuckets,
  ExponentialHistogramPoint,
  HistogramPoint,
  Metric,
  MetricData,
  NumberPoint,
  SummaryPoint,
} from '../model.ts'
import { parseAttributes } from './any-value.ts'
import {
  isAbsent,
  parseArray,
  parseBoolean,
  parseDouble,
  parseEnum,
  parseId,
  parseInt32,
  parseInt64,
  parseMessage,
  parseMessages,
  parseString,
  parseUint32,
  parseUint64,
} from './json-fields.ts'
import type { JsonObject } from './json-text.ts'

/** Reads one element of `metrics`. @throws DecodeError that names the field, without the path to the metric. */
export function parseMetric(object: JsonObject): Metric {
  return {
    name: parseString(object.name, 'name'),
    description: parseString(object.description, 'description'),
    unit: parseString(object.unit, 'unit'),
    metadata: parseAttributes(object.metadata, 'metadata'),
    data: parseData(object),
  }
}

/** When several kinds of data are set, which is an error of the sender, the last one wins, as in protobuf. */
function parseData(object: JsonObject): MetricData {
  let data: MetricData = { type: 'none' }
  for (const name in object) {
    const field = object[name]
    if (isAbsent(field)) continue
    const parse = dataParsers.get(name)
    if (parse !== undefined) data = parseMessage(field, name, parse)
  }
  return data
}

const dataParsers: ReadonlyMap<string, (object: JsonObject) => MetricData> = new Map<
  string,
  (object: JsonObject) => MetricData
>([
  ['gauge', (object) => ({ type: 'gauge', points: parsePoints(object, parseNumberPoint) })],
  [
    'sum',
    (object) => ({
      type: 'sum',
      points: parsePoints(object, parseNumberPoint),
      temporality: parseTemporality(object),
      isMonotonic: parseBoolean(object.isMonotonic, 'isMonotonic'),
    }),
  ],
  [
    'histogram',
    (object) => ({
      type: 'histogram',
      points: parsePoints(object, parseHistogramPoint),
      temporality: parseTemporality(object),
    }),
  ],
  [
    'exponentialHistogram',
    (object) => ({
      type: 'exponentialHistogram',
      points: parsePoints(object, parseExponentialPoint),
      temporality: parseTemporality(object),
    }),
  ],
  ['summary', (object) => ({ type: 'summary', points: parsePoints(object, parseSummaryPoint) })],
])

function parsePoints<T>(object: JsonObject, parse: (point: JsonObject) => T): readonly T[] {
  return parseMessages(object.dataPoints, 'dataPoints', parse)
}

function parseTemporality(object: JsonObject): number {
  return parseEnum(object.aggregationTemporality, 'aggregationTemporality', temporalityNames)
}

const temporalityNames: ReadonlyMap<string, number> = new Map([
  ['AGGREGATION_TEMPORALITY_UNSPECIFIED', 0],
  ['AGGREGATION_TEMPORALITY_DELTA', 1],
  ['AGGREGATION_TEMPORALITY_CUMULATIVE', 2],
])

function parseNumberPoint(object: JsonObject): NumberPoint {
  return {
    ...parsePoint(object),
    value: parseNumberValue(object),
    exemplars: parseMessages(object.exemplars, 'exemplars', parseExemplar),
  }
}

function parseHistogramPoint(object: JsonObject): HistogramPoint {
  return {
    ...parsePoint(object),
    count: parseUint64(object.count, 'count'),
    sum: parseOptionalDouble(object.sum, 'sum'),
    min: parseOptionalDouble(object.min, 'min'),
    max: parseOptionalDouble(object.max, 'max'),
    bucketCounts: parseArray(object.bucketCounts, 'bucketCounts', parseUint64),
    bounds: parseArray(object.explicitBounds, 'explicitBounds', parseDouble),
    exemplars: parseMessages(object.exemplars, 'exemplars', parseExemplar),
  }
}

function parseExponentialPoint(object: JsonObject): ExponentialHistogramPoint {
  return {
    ...parsePoint(object),
    count: parseUint64(object.count, 'count'),
    sum: parseOptionalDouble(object.sum, 'sum'),
    min: parseOptionalDouble(object.min, 'min'),
    max: parseOptionalDouble(object.max, 'max'),
    scale: parseInt32(object.scale, 'scale'),
    zeroCount: parseUint64(object.zeroCount, 'zeroCount'),
    zeroThreshold: parseDouble(object.zeroThreshold, 'zeroThreshold'),
    positive: parseMessage(object.positive, 'positive', parseBuckets),
    negative: parseMessage(object.negative, 'negative', parseBuckets),
    exemplars: parseMessages(object.exemplars, 'exemplars', parseExemplar),
  }
}

function parseBuckets(object: JsonObject): ExponentialBuckets {
  return {
    offset: parseInt32(object.offset, 'offset'),
    counts: parseArray(object.bucketCounts, 'bucketCounts', parseUint64),
  }
}

function parseSummaryPoint(object: JsonObject): SummaryPoint {
  return {
    ...parsePoint(object),
    count: parseUint64(object.count, 'count'),
    sum: parseDouble(object.sum, 'sum'),
    quantiles: parseMessages(object.quantileValues, 'quantileValues', (quantile) => ({
      quantile: parseDouble(quantile.quantile, 'quantile'),
      value: parseDouble(quantile.value, 'value'),
    })),
  }
}

function parsePoint(object: JsonObject) {
  return {
    attributes: parseAttributes(object.attributes, 'attributes'),
    startNanos: parseUint64(object.startTimeUnixNano, 'startTimeUnixNano'),
    timeNanos: parseUint64(object.timeUnixNano, 'timeUnixNano'),
    flags: parseUint32(object.flags, 'flags'),
  }
}

function parseExemplar(object: JsonObject): Exemplar {
  return {
    filteredAttributes: parseAttributes(object.filteredAttributes, 'filteredAttributes'),
    timeNanos: parseUint64(object.timeUnixNano, 'timeUnixNano'),
    value: parseNumberValue(object),
    traceId: parseId(object.traceId, 'traceId', 32),
    spanId: parseId(object.spanId, 'spanId', 16),
  }
}

/** Of the two kinds of number the last one wins, as in protobuf; a point may have none. */
function parseNumberValue(object: JsonObject): bigint | number | null {
  let value: bigint | number | null = null
  for (const name in object) {
    const field = object[name]
    if (isAbsent(field)) continue
    if (name === 'asInt') value = parseInt64(field, name)
    if (name === 'asDouble') value = parseDouble(field, name)
  }
  return value
}

function parseOptionalDouble(value: unknown, name: string): number | null {
  return isAbsent(value) ? null : parseDouble(value, name)
}
