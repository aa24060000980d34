import type { ReceivedMetric } from '../model.ts'
import { readCountedPoint, readNumberPoint } from './data-points.ts'
import type { ProtobufReader } from './reader.ts'

/** What can be listed of a metric: buckets, quantiles, exemplars and metadata are stepped over. */
export function readMetric(reader: ProtobufReader): ReceivedMetric {
  let name = ''
  let description = ''
  let unit = ''
  let data: DraftData = { type: 'none' }
  while (reader.hasMore()) {
    switch (reader.readField()) {
      case 1:
        name = reader.readString('name')
        break
      case 2:
        description = reader.readString('description')
        break
      case 3:
        unit = reader.readString('unit')
        break
      case 5:
        data = reader.readMessage('gauge', readGauge, data)
        break
      case 7:
        data = reader.readMessage('sum', readSum, data)
        break
      case 9:
        data = reader.readMessage('histogram', readHistogram, data)
        break
      case 10:
        data = reader.readMessage('exponentialHistogram', readExponentialHistogram, data)
        break
      case 11:
        data = reader.readMessage('summary', readSummary, data)
        break
      default:
        reader.skip()
    }
  }
  return { name, description, unit, data }
}

/** Data that is still being read: its points may grow when the field comes again. */
type Draft<T> = T extends { readonly points: readonly (infer P)[] }
  ? { -readonly [K in Exclude<keyof T, 'points'>]: T[K] } & { readonly points: P[] }
  : T
type DraftData = Draft<ReceivedMetric['data']>

// A metric has one kind of data: of several kinds the last one wins, and data of one
// kind that comes in parts is put together.

function readGauge(reader: ProtobufReader, before: DraftData): DraftData {
  const gauge = before.type === 'gauge' ? before : { type: 'gauge' as const, points: [] }
  readPoints(reader, readNumberPoint, gauge.points)
  return gauge
}

function readSummary(reader: ProtobufReader, before: DraftData): DraftData {
  const summary = before.type === 'summary' ? before : { type: 'summary' as const, points: [] }
  readPoints(reader, (point) => readCountedPoint(point, 7, 0), summary.points)
  return summary
}

function readHistogram(reader: ProtobufReader, before: DraftData): DraftData {
  const histogram =
    before.type === 'histogram'
      ? before
      : { type: 'histogram' as const, points: [], temporality: 0 }
  readAggregate(reader, (point) => readCountedPoint(point, 9, null), histogram)
  return histogram
}

function readExponentialHistogram(reader: ProtobufReader, before: DraftData): DraftData {
  const histogram =
    before.type === 'exponentialHistogram'
      ? before
      : { type: 'exponentialHistogram' as const, points: [], temporality: 0 }
  readAggregate(reader, (point) => readCountedPoint(point, 1, null), histogram)
  return histogram
}

function readSum(reader: ProtobufReader, before: DraftData): DraftData {
  const sum =
    before.type === 'sum'
      ? before
      : { type: 'sum' as const, points: [], temporality: 0, isMonotonic: false }
  while (reader.hasMore()) {
    switch (reader.readField()) {
      case 1:
        reader.readElement('dataPoints', readNumberPoint, sum.points)
        break
      case 2:
        sum.temporality = reader.readInt32('aggregationTemporality')
        break
      case 3:
        sum.isMonotonic = reader.readBoolean('isMonotonic')
        break
      default:
        reader.skip()
    }
  }
  return sum
}

function readAggregate<P>(
  reader: ProtobufReader,
  readPoint: (reader: ProtobufReader) => P,
  into: { readonly points: P[]; temporality: number },
): void {
  while (reader.hasMore()) {
    switch (reader.readField()) {
      case 1:
        reader.readElement('dataPoints', readPoint, into.points)
        break
      case 2:
        into.temporality = reader.readInt32('aggregationTemporality')
        break
      default:
        reader.skip()
    }
  }
}

function readPoints<P>(
  reader: ProtobufReader,
  readPoint: (reader: ProtobufReader) => P,
  points: P[],
): void {
  while (reader.hasMore()) {
    if (reader.readField() === 1) reader.readElement('dataPoints', readPoint, points)
    else reader.skip()
  }
}
