import type {
  Attribute,
  Exemplar,
  ExponentialBuckets,
  ExponentialHistogramPoint,
  HistogramPoint,
} from '../model.ts'
import { readAttribute } from './any-value.ts'
import { readExemplar } from './exemplar.ts'
import { finishList } from './finish-list.ts'
import type { ProtobufReader } from './reader.ts'

export function readHistogramPoint(reader: ProtobufReader): HistogramPoint {
  const attributes: Attribute[] = []
  let startNanos = 0n
  let timeNanos = 0n
  let flags = 0
  let count = 0n
  let sum: number | null = null
  let min: number | null = null
  let max: number | null = null
  const bucketCounts: bigint[] = []
  const bounds: number[] = []
  const exemplars: Exemplar[] = []
  while (reader.hasMore()) {
    switch (reader.readField()) {
      case 2:
        startNanos = reader.readFixed64('startTimeUnixNano')
        break
      case 3:
        timeNanos = reader.readFixed64('timeUnixNano')
        break
      case 4:
        count = reader.readFixed64('count')
        break
      case 5:
        sum = reader.readDouble('sum')
        break
      case 6:
        reader.readFixed64s('bucketCounts', bucketCounts)
        break
      case 7:
        reader.readDoubles('explicitBounds', bounds)
        break
      case 8:
        reader.readElement('exemplars', readExemplar, exemplars)
        break
      case 9:
        reader.readElement('attributes', readAttribute, attributes)
        break
      case 10:
        flags = reader.readUint32('flags')
        break
      case 11:
        min = reader.readDouble('min')
        break
      case 12:
        max = reader.readDouble('max')
        break
      default:
        reader.skip()
    }
  }
  return {
    attributes: finishList(attributes),
    startNanos,
    timeNanos,
    flags,
    count,
    sum,
    min,
    max,
    bucketCounts: finishList(bucketCounts),
    bounds: finishList(bounds),
    exemplars: finishList(exemplars),
  }
}

export function readExponentialPoint(reader: ProtobufReader): ExponentialHistogramPoint {
  const attributes: Attribute[] = []
  let startNanos = 0n
  let timeNanos = 0n
  let flags = 0
  let count = 0n
  let sum: number | null = null
  let min: number | null = null
  let max: number | null = null
  let scale = 0
  let zeroCount = 0n
  let zeroThreshold = 0
  const positive: DraftBuckets = { offset: 0, counts: [] }
  const negative: DraftBuckets = { offset: 0, counts: [] }
  const exemplars: Exemplar[] = []
  while (reader.hasMore()) {
    switch (reader.readField()) {
      case 1:
        reader.readElement('attributes', readAttribute, attributes)
        break
      case 2:
        startNanos = reader.readFixed64('startTimeUnixNano')
        break
      case 3:
        timeNanos = reader.readFixed64('timeUnixNano')
        break
      case 4:
        count = reader.readFixed64('count')
        break
      case 5:
        sum = reader.readDouble('sum')
        break
      case 6:
        scale = reader.readSint32('scale')
        break
      case 7:
        zeroCount = reader.readFixed64('zeroCount')
        break
      case 8:
        reader.readMessage('positive', readBuckets, positive)
        break
      case 9:
        reader.readMessage('negative', readBuckets, negative)
        break
      case 10:
        flags = reader.readUint32('flags')
        break
      case 11:
        reader.readElement('exemplars', readExemplar, exemplars)
        break
      case 12:
        min = reader.readDouble('min')
        break
      case 13:
        max = reader.readDouble('max')
        break
      case 14:
        zeroThreshold = reader.readDouble('zeroThreshold')
        break
      default:
        reader.skip()
    }
  }
  return {
    attributes: finishList(attributes),
    startNanos,
    timeNanos,
    flags,
    count,
    sum,
    min,
    max,
    scale,
    zeroCount,
    zeroThreshold,
    positive: finishBuckets(positive),
    negative: finishBuckets(negative),
    exemplars: finishList(exemplars),
  }
}

type DraftBuckets = { offset: number; readonly counts: bigint[] }

function readBuckets(reader: ProtobufReader, buckets: DraftBuckets): void {
  while (reader.hasMore()) {
    switch (reader.readField()) {
      case 1:
        buckets.offset = reader.readSint32('offset')
        break
      case 2:
        reader.readUint64s('bucketCounts', buckets.counts)
        break
      default:
        reader.skip()
    }
  }
}

function finishBuckets({ offset, counts }: DraftBuckets): ExponentialBuckets {
  return { offset, counts: finishList(counts) }
}
