import { DecodeError, nestError } from '../decode-error.ts'
import { elementsMax } from '../decode-limits.ts'
import { readText } from './string-cache.ts'

/**
 * Walks the protobuf wire format once, forward, without copying.
 *
 * A message is read by a loop over `hasMore` and `readField`, and in it one call per
 * field for its value, or `skip` for a field that is not known. It is a class because
 * it is a cursor: the position is what all readers of messages share.
 *
 * Every method that reads a value throws a `DecodeError` when the field came with
 * another wire type, ends too early, or holds what its type cannot.
 */
export class ProtobufReader {
  /** How many values enclose the one being read; counted here because it spans messages. */
  valueDepth = 0
  private readonly buffer: Buffer
  private readonly view: DataView
  private position = 0
  /** Where the message being read ends. */
  private end: number
  private field = 0
  private wireType = 0
  /** The upper half of the last varint. */
  private high = 0
  private elements = 0
  private lastTraceId = ''
  private lastTraceIdAt = 0

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

  /** Steps over a field that is not known, whatever its type. */
  skip(): void {
    if (this.wireType === wireTypes.groupStart) this.skipGroup()
    else this.skipValue()
  }

  readString(name: string): string {
    const start = this.readLength(name)
    return readText(this.buffer, start, this.position)
  }

  /** A copy: a view would keep the whole request alive. */
  readBytes(name: string): Uint8Array {
    const start = this.readLength(name)
    return new Uint8Array(this.buffer.subarray(start, this.position))
  }

  /** Lower-case hex; empty when it came empty or as only zeros, the specification's word for "no id". */
  readSpanId(name: string): string {
    const start = this.readId(name, 8)
    return start === undefined ? '' : this.buffer.toString('hex', start, start + 8)
  }

  /** Like `readSpanId`. Spans of one trace that follow each other share one string. */
  readTraceId(name: string): string {
    const start = this.readId(name, 16)
    if (start === undefined) return ''
    if (this.lastTraceId === '' || !this.isRepeated(start, this.lastTraceIdAt, 16)) {
      this.lastTraceId = this.buffer.toString('hex', start, start + 16)
    }
    this.lastTraceIdAt = start
    return this.lastTraceId
  }

  readBoolean(name: string): boolean {
    this.expect(name, wireTypes.varint)
    return (this.readVarint() | this.high) !== 0
  }

  /** Also an enum. What is beyond 32 bits is cut off, as protobuf does. */
  readInt32(name: string): number {
    this.expect(name, wireTypes.varint)
    return this.readVarint() | 0
  }

  readUint32(name: string): number {
    this.expect(name, wireTypes.varint)
    return this.readVarint() >>> 0
  }

  readSint32(name: string): number {
    const zigzag = this.readUint32(name)
    return (zigzag >>> 1) ^ -(zigzag & 1)
  }

  readInt64(name: string): bigint {
    this.expect(name, wireTypes.varint)
    const value = this.readBigVarint()
    return this.high < 0 ? BigInt.asIntN(64, value) : value
  }

  readFixed32(name: string): number {
    this.expect(name, wireTypes.bits32)
    return this.view.getUint32(this.advance(name, 4), true)
  }

  readFixed64(name: string): bigint {
    this.expect(name, wireTypes.bits64)
    return this.view.getBigUint64(this.advance(name, 8), true)
  }

  readSfixed64(name: string): bigint {
    this.expect(name, wireTypes.bits64)
    return this.view.getBigInt64(this.advance(name, 8), true)
  }

  readDouble(name: string): number {
    this.expect(name, wireTypes.bits64)
    return this.view.getFloat64(this.advance(name, 8), true)
  }

  // One occurrence of a repeated number holds one element, or many when it is packed.

  readDoubles(name: string, into: number[]): void {
    this.readPacked(name, wireTypes.bits64, () => {
      into.push(this.view.getFloat64(this.advance(name, 8), true))
    })
  }

  readFixed64s(name: string, into: bigint[]): void {
    this.readPacked(name, wireTypes.bits64, () => {
      into.push(this.view.getBigUint64(this.advance(name, 8), true))
    })
  }

  readUint64s(name: string, into: bigint[]): void {
    this.readPacked(name, wireTypes.varint, () => {
      into.push(this.readBigVarint())
    })
  }

  /**
   * Reads a message. `state` is what earlier occurrences of the field left: protobuf
   * merges them, so `read` adds to it.
   */
  readMessage<T, State>(
    name: string,
    read: (reader: ProtobufReader, state: State) => T,
    state: State,
  ): T {
    const outer = this.end
    try {
      const start = this.readLength('')
      this.end = this.position
      this.position = start
      const message = read(this, state)
      this.end = outer
      return message
    } catch (error) {
      throw nestError(error, name)
    }
  }

  /** Reads one element of a repeated field and appends it. */
  readElement<T>(name: string, read: (reader: ProtobufReader) => T, into: T[]): void {
    const outer = this.end
    try {
      this.countElement()
      const start = this.readLength('')
      this.end = this.position
      this.position = start
      into.push(read(this))
      this.end = outer
    } catch (error) {
      throw nestError(error, `${name}[${into.length}]`)
    }
  }

  private readPacked(name: string, elementType: number, readOne: () => void): void {
    if (this.wireType !== wireTypes.bytes) {
      this.expect(name, elementType)
      this.countElement()
      readOne()
      return
    }
    const outer = this.end
    const start = this.readLength(name)
    this.end = this.position
    this.position = start
    while (this.hasMore()) {
      this.countElement()
      readOne()
    }
    this.end = outer
  }

  /** Where the id begins, or nothing when there is none. */
  private readId(name: string, length: 8 | 16): number | undefined {
    const start = this.readLength(name)
    if (start === this.position) return undefined
    if (this.position - start !== length) {
      throw this.refuse(name, `expected ${length} bytes, got ${this.position - start}`)
    }
    let bits = 0
    for (let index = start; index < this.position; index += 1) bits |= this.buffer[index] ?? 0
    return bits === 0 ? undefined : start
  }

  private isRepeated(left: number, right: number, length: number): boolean {
    for (let index = 0; index < length; index += 1) {
      if (this.buffer[left + index] !== this.buffer[right + index]) return false
    }
    return true
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

  /** Steps over a length and as many bytes; gives where these begin, and ends behind them. */
  private readLength(name: string): number {
    this.expect(name, wireTypes.bytes)
    const length = this.readVarint() >>> 0
    if (this.high !== 0) throw this.refuse(name, 'expected a length of at most 32 bits')
    return this.advance(name, length)
  }

  private advance(name: string, length: number): number {
    const start = this.position
    if (length > this.end - start) {
      throw this.refuse(name, `truncated: expected ${length} bytes, got ${this.end - start}`)
    }
    this.position = start + length
    return start
  }

  private readBigVarint(): bigint {
    const low = this.readVarint() >>> 0
    if (this.high === 0) return BigInt(low)
    return (BigInt(this.high >>> 0) << 32n) | BigInt(low)
  }

  /** The lower 32 bits; the upper ones are left in `high`. */
  private readVarint(): number {
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

  private expect(name: string, wireType: number): void {
    if (this.wireType === wireType) return
    throw this.refuse(name, `expected wire type ${wireType}, got ${this.wireType}`)
  }

  private countElement(): void {
    this.elements += 1
    if (this.elements > elementsMax) {
      throw new DecodeError('', `expected at most ${elementsMax} elements in all repeated fields`)
    }
  }

  private refuse(name: string, reason: string): DecodeError {
    return new DecodeError(name, `${reason}, at byte ${this.position}`)
  }
}

const wireTypes = { varint: 0, bits64: 1, bytes: 2, groupStart: 3, groupEnd: 4, bits32: 5 } as const

const varintBytesMax = 10

export const groupDepthMax = 64
