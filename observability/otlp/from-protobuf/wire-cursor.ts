import { DecodeError } from '../refusals/decode-error.ts'

/** How the value of a field is laid out: the lower three bits of its tag. */
export const wireTypes = {
  varint: 0,
  bits64: 1,
  bytes: 2,
  groupStart: 3,
  groupEnd: 4,
  bits32: 5,
} as const

/**
 * Steps through the protobuf wire format, forward and without copying: tags, lengths,
 * varints, and fields that are not known.
 *
 * A class because it is a cursor: the position is what all readers of messages share.
 */
export class WireCursor {
  protected readonly buffer: Buffer
  protected readonly view: DataView
  protected position = 0
  /** Where the message being read ends. */
  protected end: number
  protected wireType = 0
  /** The upper half of the last varint. */
  protected high = 0
  private field = 0

  constructor(bytes: Uint8Array) {
    this.buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.end = bytes.byteLength
  }

  hasMore(): boolean {
    return this.position < this.end
  }

  /** The number of the next field, as in the .proto. */
  readField(): number {
    const tag = this.readVarint()
    this.field = tag >>> 3
    this.wireType = tag & 7
    if (this.high !== 0 || this.field === 0 || this.wireType > 5) {
      throw this.refuse('', 'expected the tag of a field')
    }
    return this.field
  }

  /**
   * Where the fields end that follow each other with the tag that was just read, as far as that can be told at a glance;
   * where the first begins, if not even of that one.
   */
  protected findRunEnd(): number {
    const { buffer } = this
    const tag = buffer[this.position - 1]
    let at = this.position
    let end = at
    do {
      let length = 0
      let byte = 0x80
      // Some exporters write each length in four bytes.
      for (let shift = 0; byte > 0x7f && shift < 28; shift += 7) {
        byte = buffer[at++] ?? 0
        length += (byte & 0x7f) << shift
      }
      at += length
      if (byte > 0x7f || at > this.end) break
      end = at
      at += 1
    } while (end < this.end && buffer[end] === tag)
    return end
  }

  /** Steps over a field that is not known, whatever its type. */
  skip(): void {
    if (this.wireType === wireTypes.groupStart) this.skipGroup()
    else this.skipValue()
  }

  /** Steps over a length and as many bytes; gives where these begin, and ends behind them. */
  protected readLength(name: string): number {
    this.expect(name, wireTypes.bytes)
    const length = this.readVarint() >>> 0
    if (this.high !== 0) throw this.refuse(name, 'expected a length of at most 32 bits')
    return this.advance(name, length)
  }

  protected advance(name: string, length: number): number {
    const start = this.position
    if (length > this.end - start) {
      throw this.refuse(name, `truncated: expected ${length} bytes, got ${this.end - start}`)
    }
    this.position = start + length
    return start
  }

  protected readBigVarint(): bigint {
    const low = this.readVarint() >>> 0
    if (this.high === 0) return BigInt(low)
    return (BigInt(this.high >>> 0) << 32n) | BigInt(low)
  }

  /** The lower 32 bits; the upper ones are left in `high`. */
  protected readVarint(): number {
    const byte = this.position < this.end ? (this.buffer[this.position] ?? 0) : 0x80
    if (byte > 0x7f) return this.readLongVarint()
    this.position += 1
    this.high = 0
    return byte
  }

  private readLongVarint(): number {
    let low = 0
    let high = 0
    for (let index = 0; index < varintBytesMax; index += 1) {
      const byte = this.buffer[this.advance('', 1)] ?? 0
      const bits = byte & 0x7f
      if (index < 4) low |= bits << (7 * index)
      else if (index > 4) high |= bits << (7 * index - 32)
      else {
        low |= bits << 28
        high |= bits >>> 4
      }
      if (byte > 0x7f) continue
      if (index === varintBytesMax - 1 && byte > 1) break
      this.high = high
      return low
    }
    throw this.refuse('', 'expected a varint of at most 64 bits')
  }

  protected expect(name: string, wireType: number): void {
    if (this.wireType === wireType) return
    throw this.refuse(name, `expected wire type ${wireType}, got ${this.wireType}`)
  }

  protected refuse(name: string, reason: string): DecodeError {
    return new DecodeError(name, `${reason}, at byte ${this.position}`)
  }

  private skipValue(): void {
    if (this.wireType === wireTypes.varint) this.readVarint()
    else if (this.wireType === wireTypes.bits64) this.advance('', 8)
    else if (this.wireType === wireTypes.bits32) this.advance('', 4)
    else if (this.wireType === wireTypes.bytes) this.readLength('')
    else throw this.refuse('', 'expected a field, got the end of a group')
  }

  /** Groups are gone from protobuf, but nothing keeps a sender's unknown field from being one. */
  private skipGroup(): void {
    const open = [this.field]
    while (open.length > 0) {
      this.readField()
      if (this.wireType === wireTypes.groupEnd) {
        if (open.pop() !== this.field) throw this.refuse('', 'expected the end of another group')
      } else if (this.wireType === wireTypes.groupStart) {
        if (open.push(this.field) > groupDepthMax) {
          throw this.refuse('', `expected groups nested at most ${groupDepthMax} deep`)
        }
      } else {
        this.skipValue()
      }
    }
  }
}

const varintBytesMax = 10

/** Groups of unknown fields within each other; deeper ones are refused, because each level is a call. */
export const groupDepthMax = 64
