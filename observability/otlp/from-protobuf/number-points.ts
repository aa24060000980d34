import type { Attribute, Exemplar, NumberPoint, SummaryPoint } from '../model.ts'
import { readAttribute } from './any-value.ts'
import { readExemplar } from './exemplar.ts'
import { finishList } from './finish-list.ts'
import type { ProtobufReader } from './reader.ts'

/** A point of a gauge or a sum. */
export function readNumberPoint(reader: ProtobufReader): NumberPoint {
  const attributes: Attribute[] = []
  let startNanos = 0n
  let timeNanos = 0n
  let flags = 0
  let value: bigint | number | null = null
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
        value = reader.readDouble('asDouble')
        break
      case 5:
        reader.readElement('exemplars', readExemplar, exemplars)
        break
      case 6:
        value = reader.readSfixed64('asInt')
        break
      case 7:
        reader.readElement('attributes', readAttribute, attributes)
        break
      case 8:
        flags = reader.readUint32('flags')
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
    value,
    exemplars: finishList(exemplars),
  }
}

export function readSummaryPoint(reader: ProtobufReader): SummaryPoint {
  const attributes: Attribute[] = []
  let startNanos = 0n
  let timeNanos = 0n
  let flags = 0
  let count = 0n
  let sum = 0
  const quantiles: Quantile[] = []
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
        reader.readElement('quantileValues', readQuantile, quantiles)
        break
      case 7:
        reader.readElement('attributes', readAttribute, attributes)
        break
      case 8:
        flags = reader.readUint32('flags')
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
    quantiles: finishList(quantiles),
  }
}

type Quantile = SummaryPoint['quantiles'][number]

function readQuantile(reader: ProtobufReader): Quantile {
  let quantile = 0
  let value = 0
  while (reader.hasMore()) {
    switch (reader.readField()) {
      case 1:
        quantile = reader.readDouble('quantile')
        break
      case 2:
        value = reader.readDouble('value')
        break
      default:
        reader.skip()
    }
  }
  return { quantile, value }
}
