import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeRecord, readRecords, type SegmentRecord, segmentHead } from './segment.ts'

const records: readonly SegmentRecord[] = [
  { signal: 'traces', encoding: 'json', isGzipped: false, body: Buffer.from('{"a":1}') },
  { signal: 'logs', encoding: 'protobuf', isGzipped: true, body: Buffer.alloc(300, 7) },
  { signal: 'traces', encoding: 'protobuf', isGzipped: false, body: Buffer.alloc(0) },
]
const segment = Buffer.concat([segmentHead, ...records.flatMap((record) => encodeRecord(record))])

function read(bytes: Buffer) {
  const damages: string[] = []
  const read = [...readRecords(bytes, (damage) => damages.push(damage))]
  return { read, damages }
}

test('what was written is read again', () => {
  expect(read(segment)).toEqual({ read: records, damages: [] })
})

describe('a damaged segment', () => {
  test('that was cut anywhere is read up to there, and said to be cut', () => {
    for (let length = segmentHead.length; length < segment.length; length += 1) {
      const { read: left, damages } = read(segment.subarray(0, length))
      expect(left).toEqual(records.slice(0, left.length))
      const isAtEnd = left.reduce((sum, { body }) => sum + 16 + body.length, 8) === length
      expect(damages).toHaveLength(isAtEnd ? 0 : 1)
    }
  })

  test('with one flipped byte costs the record that it is in, and that is said', () => {
    for (let at = segmentHead.length; at < segment.length; at += 1) {
      const bytes = Buffer.from(segment)
      bytes[at] = (bytes[at] ?? 0) ^ 0xff
      const { read: left, damages } = read(bytes)
      expect(left).toHaveLength(records.length - 1)
      expect(damages).toHaveLength(1)
    }
  })

  test('of a newer version is passed over, with the version', () => {
    const newer = Buffer.concat([Buffer.from('OTLPRUN2'), segment.subarray(8)])
    expect(read(newer)).toEqual({
      read: [],
      damages: ['written by another version, format 2; this one reads 1'],
    })
  })

  test('is never more than a sentence, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(read(Buffer.concat([segmentHead, bytes])).read).toEqual([])
      }),
    )
  })
})
