import type { Attribute } from '../model.ts'
import { DecodeError, nestError } from '../refusals/decode-error.ts'
import { elementsMax } from '../refusals/decode-limits.ts'
import { ByteSlots } from '../shared/byte-slots.ts'
import { readId } from '../shared/read-id.ts'
import { readText } from '../shared/read-text.ts'
import { WireCursor, wireTypes } from './wire-cursor.ts'

/** At most about 2 MB. Statements that are sent with each span are mostly shorter. */
const slots = new ByteSlots<Attribute>(4096, 192)
const listBytesMax = 512
/** Whole lists of them, each where the name that stands before it leads. With their attributes at most about 5 MB. */
const lists = new ByteSlots<readonly Attribute[]>(512, listBytesMax)

/** Of the list that is being read: lists are not nested, and one of its own for each would be made larger than it needs to be. */
const scratch: Attribute[] = []
const scratchMax = 256

/**
 * Reads the fields of messages, each by the type that the .proto gives it.
 *
 * A message is a loop over `hasMore` and `readField`, and in it one call per field for
 * its value, or `skip` for a field that is not known. Every method here throws a
 * `DecodeError` when the field came with another wire type, ends too early, or holds
 * what its type cannot.
 */
export class ProtobufReader extends WireCursor {
  /** How many values enclose the one being read; counted here because it spans messages. */
  valueDepth = 0
  private elements = 0
  /** Of the last text of any kind: it leads to the list that is looked for, and decides nothing. */
  private textStart = 0
  private textEnd = 0
  private hasNewAttribute = false

  readString(name: string): string {
    const start = this.readLength(name)
    this.textStart = start
    this.textEnd = this.position
    return readText(this.buffer, this.view, start, this.position)
  }

  readStrings(name: string, into: string[]): void {
    this.countElement()
    into.push(this.readString(`${name}[${into.length}]`))
  }

  /** A copy: a view would keep the whole request alive. */
  readBytes(name: string): Uint8Array {
    const start = this.readLength(name)
    return new Uint8Array(this.buffer.subarray(start, this.position))
  }

  /**
   * Lower-case hex; empty when it came empty or as only zeros, the specification's word for "no id".
   * Of another length it is refused, or for `optional` as good as none.
   */
  readSpanId(name: string, need: 'strict' | 'optional' = 'strict'): string {
    return this.readId(name, 8, need)
  }

  /** Like `readSpanId`. */
  readTraceId(name: string, need: 'strict' | 'optional' = 'strict'): string {
    return this.readId(name, 16, need)
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

  /**
   * One element of a list of attributes; one that came before, byte for byte, is not read again: it is the same object.
   *
   * @param index Its place in the list.
   */
  readAttribute(index: number, read: (reader: ProtobufReader) => Attribute): Attribute {
    const outer = this.end
    try {
      this.countElement()
      const start = this.readLength('')
      const end = this.position
      const slot = slots.find(this.view, start, end)
      const known = slot < 0 ? undefined : slots.read(slot, this.view, start, end)
      if (known !== undefined) return known
      this.hasNewAttribute = true
      this.end = end
      this.position = start
      const attribute = read(this)
      this.end = outer
      if (slot >= 0) slots.write(slot, this.view, start, end, attribute)
      return attribute
    } catch (error) {
      throw nestError(error, `attributes[${index}]`)
    }
  }

  /**
   * The attribute at hand and those that follow it. If an item of the same name had the same before, byte for byte, as
   * those of a client mostly have, they are not read again: it is the same list.
   */
  readAttributes(read: (reader: ProtobufReader) => Attribute): readonly Attribute[] {
    const start = this.position
    const end = this.wireType === wireTypes.bytes ? this.findRunEnd() : start
    // Of no bytes, the list would be taken for any that has none.
    const slot = end === start ? -1 : lists.find(this.view, this.textStart, this.textEnd)
    const known = slot < 0 ? undefined : lists.read(slot, this.view, start, end)
    if (known !== undefined && this.elements + known.length <= elementsMax) {
      this.elements += known.length
      this.position = end
      return known
    }
    this.hasNewAttribute = false
    let count = 0
    do {
      if (count > 0) this.readField()
      scratch[count] = this.readAttribute(count, read)
      count += 1
    } while (this.position < end)
    const list = scratch.slice(0, count)
    if (scratch.length > scratchMax) scratch.length = 0
    // A list with an attribute of its own, such as a path, will hardly come again.
    if (slot >= 0 && end - start <= listBytesMax && !this.hasNewAttribute) {
      lists.write(slot, this.view, start, end, list)
    }
    return list
  }

  private readId(name: string, length: 8 | 16, need: 'strict' | 'optional'): string {
    const start = this.readLength(name)
    const got = this.position - start
    if (got === length) return readId(this.buffer, this.view, start, this.position)
    if (got === 0 || need === 'optional') return ''
    throw this.refuse(name, `expected ${length} bytes, got ${got}`)
  }

  private countElement(): void {
    this.elements += 1
    if (this.elements > elementsMax) {
      throw new DecodeError('', `expected at most ${elementsMax} elements in all repeated fields`)
    }
  }
}
