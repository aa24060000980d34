import fc from 'fast-check'
import protobuf from 'protobufjs'
import { expect, test } from 'vitest'
import { WireWriter } from './wire-writer.ts'

test('numbers, times and texts are what protobufjs reads', () => {
  const safe = fc.maxSafeInteger()
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }).map((one) => one.toWellFormed()),
    fc.integer({ min: 100, max: 40_000 }).map((length) => 'ü'.repeat(length)),
  )
  fc.assert(
    fc.property(
      safe,
      fc.double({ noNaN: true }),
      text,
      fc.nat(1e9),
      (whole, double, said, nanos) => {
        const writer = new WireWriter(1)
        writer.varint(Math.abs(whole))
        writer.int64(whole)
        writer.double(double)
        writer.time(1_900_000_000, nanos)
        writer.text(said)
        const reader = protobuf.Reader.create(writer.bytes.subarray(0, writer.at))
        expect(String(reader.uint64())).toBe(String(Math.abs(whole)))
        expect(String(reader.int64())).toBe(String(whole))
        expect(reader.double()).toBe(double)
        expect(String(reader.fixed64())).toBe(
          String(1_900_000_000n * 1_000_000_000n + BigInt(nanos)),
        )
        expect(reader.string()).toBe(said)
        expect(reader.pos).toBe(writer.at)
      },
    ),
    { numRuns: 1000 },
  )
})
