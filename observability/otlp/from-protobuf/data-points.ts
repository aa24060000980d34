import type { Attribute, CountedPoint, ReceivedNumberPoint } from '../model.ts'
import { finishList } from '../shared/finish-list.ts'
import { readAttribute } from './any-value.ts'
import type { ProtobufReader } from './reader.ts'

/** A point of a gauge or a sum. */
export function readNumberPoint(reader: ProtobufReader): ReceivedNumberPoint {
  const attributes: Attribute[] = []
  let startNanos = 0n
  let timeNanos = 0n
  let value: bigint | number | null = null
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
      case 6:
        value = reader.readSfixed64('asInt')
        break
      case 7:
        attributes.push(reader.readAttribute(attributes.length, readAttribute))
        break
      default:
        reader.skip()
    }
  }
  return { attributes: finishList(attributes), startNanos, timeNanos, value }
}

/**
 * Of a histogram of either kind or a summary, whose points have the same fields up to the fifth.
 *
 * @param attributesField Where the three have their attributes.
 * @param noSum What a point without a sum has: only that of a summary cannot be absent.
 */
export function readCountedPoint(
  reader: ProtobufReader,
  attributesField: 1 | 7 | 9,
  noSum: 0 | null,
): CountedPoint {
  const attributes: Attribute[] = []
  let startNanos = 0n
  let timeNanos = 0n
  let count = 0n
  let sum: number | null = noSum
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
      case attributesField:
        attributes.push(reader.readAttribute(attributes.length, readAttribute))
        break
      default:
        reader.skip()
    }
  }
  return { attributes: finishList(attributes), startNanos, timeNanos, count, sum }
}
