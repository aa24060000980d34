import { crc32 } from 'node:zlib'
import type { Encoding, Signal } from '../../otlp/signal.ts'

/** One OTLP request as it is kept on disk. */
export type SegmentRecord = {
  /** Metrics are not kept: the span metrics are made anew from spans. */
  readonly signal: Exclude<Signal, 'metrics'>
  readonly encoding: Encoding
  /** Whether `body` is compressed. */
  readonly isGzipped: boolean
  readonly body: Buffer
}

/** The first bytes of a segment; the last digit is the version of its format. */
const magic = Buffer.from('OTLPRUN1')
/** The first bytes of a record, by which reading finds its way back after damage. */
const mark = Buffer.from([0x1e, 0x4f, 0x54, 0x4c])
/** Mark, CRC-32 of all that follows it, length of the body, signal, encoding, compression, one byte unused. */
const headBytes = 16

const signals = ['traces', 'logs'] as const
const encodings = ['json', 'protobuf'] as const

/** What stands at the start of every segment. */
export const segmentHead: Buffer = magic

/**
 * A record as bytes, without a copy of its body: mark, CRC-32, length, kinds, body; numbers are little-endian.
 *
 * The checksum covers everything after it, so that a flipped bit in a length is found too.
 */
export function encodeRecord({
  signal,
  encoding,
  isGzipped,
  body,
}: SegmentRecord): readonly [Buffer, Buffer] {
  const head = Buffer.alloc(headBytes)
  mark.copy(head)
  head.writeUInt32LE(body.length, 8)
  head[12] = signals.indexOf(signal)
  head[13] = encodings.indexOf(encoding)
  head[14] = isGzipped ? 1 : 0
  head.writeUInt32LE(crc32(body, crc32(head.subarray(8))), 4)
  return [head, body]
}

/**
 * Reads the records of one segment. Never throws: a record that is damaged is passed over, told to `onDamage`, and the
 * rest is read.
 */
export function* readRecords(
  segment: Buffer,
  onDamage: (damage: string) => void,
): Generator<SegmentRecord> {
  if (!segment.subarray(0, magic.length).equals(magic)) {
    const isNewer = segment.subarray(0, 7).equals(magic.subarray(0, 7))
    onDamage(
      isNewer
        ? `written by another version, format ${segment.toString('latin1', 7, 8)}; this one reads 1`
        : 'not a segment of a run',
    )
    return
  }
  for (let at = magic.length; at < segment.length; ) {
    const record = readRecord(segment, at)
    if (record !== undefined) {
      yield record
      at += headBytes + record.body.length
      continue
    }
    const next = segment.indexOf(mark, at + 1)
    const end = next < 0 ? segment.length : next
    onDamage(`${end - at} bytes at ${at} are damaged or cut off`)
    at = end
  }
}

function readRecord(segment: Buffer, at: number): SegmentRecord | undefined {
  if (at + headBytes > segment.length || !segment.subarray(at, at + 4).equals(mark))
    return undefined
  const end = at + headBytes + segment.readUInt32LE(at + 8)
  if (end > segment.length) return undefined
  if (crc32(segment.subarray(at + 8, end)) !== segment.readUInt32LE(at + 4)) return undefined
  const signal = signals[segment[at + 12] ?? 2]
  const encoding = encodings[segment[at + 13] ?? 2]
  if (signal === undefined || encoding === undefined) return undefined
  const isGzipped = segment[at + 14] === 1
  return { signal, encoding, isGzipped, body: segment.subarray(at + headBytes, end) }
}
