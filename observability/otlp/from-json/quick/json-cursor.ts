import type { Attribute } from '../../model.ts'
import { ByteSlots } from '../../shared/byte-slots.ts'
import { readText } from '../../shared/read-text.ts'
import { parseId, parseInt64, parseString, parseUint64 } from '../json-fields.ts'
import { chars, parseJsonValue, structureMax } from '../json-text.ts'
import { findFieldName, hashByte } from './field-names.ts'

/** At most about 2 MB. */
const slots = new ByteSlots<Attribute>(4096, 192)

/** What a cursor does not read: text that is not JSON, or a form that senders hardly write. */
export class UnusualJson extends Error {
  override readonly name = 'UnusualJson'
}

/**
 * Steps through the bytes of a JSON text, forward, and reads each value as the type that the .proto gives it.
 *
 * An object is a loop: `for (let more = cursor.enterObject(); more; more = cursor.nextField())`, and in it `readName`
 * and one call for the value. What is in a usual form is read in place; anything else is cut out and given to the
 * general reader. Every method throws for what it does not read.
 *
 * A class because it is a cursor: the position is what all readers of messages share.
 */
export class JsonCursor {
  private readonly buffer: Buffer
  private readonly view: DataView
  private position = 0
  /** Commas, opening braces and brackets, and each n outside of strings; see `checkStructure`. */
  private structure = 0

  constructor(bytes: Uint8Array) {
    this.buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Goes into an object; false when it is empty. */
  enterObject(): boolean {
    return this.enter(chars.brace, chars.closingBrace)
  }

  enterList(): boolean {
    return this.enter(chars.bracket, chars.closingBracket)
  }

  /** Goes to the next field of an object; false, and out of it, when there is none. */
  nextField(): boolean {
    return this.next(chars.closingBrace)
  }

  nextElement(): boolean {
    return this.next(chars.closingBracket)
  }

  /** The name of a field, up to its value; empty for one that is not known. */
  readName(): string {
    this.expect(chars.quote)
    const { buffer } = this
    const start = this.position
    let at = start
    let hash = 0
    let byte = buffer[at] ?? 0
    while (byte !== chars.quote) {
      // An underscore may be a name as the .proto has it, which the general reader knows.
      if (byte < chars.blank || byte === chars.backslash || byte === chars.underscore) {
        throw new UnusualJson()
      }
      hash = hashByte(hash, byte)
      at += 1
      byte = buffer[at] ?? 0
    }
    this.position = at + 1
    this.expect(chars.colon)
    return findFieldName(hash, buffer, start, at)
  }

  /** Any value, as `JSON.parse` gives it, but with all digits of an integer. */
  readValue(): unknown {
    const byte = this.peek()
    const start = this.position
    const small = this.readSmall(byte)
    if (small >= 0) return small
    if (byte === chars.quote) this.position = this.findStringEnd(start + 1)
    else if (byte === chars.brace || byte === chars.bracket) this.position = this.findEnd()
    else this.position = this.findScalarEnd(start)
    return parseJsonValue(this.buffer.toString('utf8', start, this.position))
  }

  isAtNull(): boolean {
    return this.peek() === chars.n
  }

  readString(): string {
    if (this.peek() !== chars.quote) return parseString(this.readValue(), '')
    const { buffer } = this
    const start = this.position + 1
    let at = start
    let byte = buffer[at] ?? 0
    while (byte !== chars.quote) {
      if (byte < chars.blank || byte === chars.backslash) return parseString(this.readValue(), '')
      at += 1
      byte = buffer[at] ?? 0
    }
    this.position = at + 1
    return readText(buffer, this.view, start, at)
  }

  readId(digits: 16 | 32): string {
    const { buffer } = this
    const isQuoted = this.peek() === chars.quote
    const start = this.position + 1
    const end = start + digits
    if (!isQuoted || buffer[end] !== chars.quote) return parseId(this.readValue(), '', digits)
    let bits = 0
    for (let at = start; at < end; at += 1) bits |= lowerHex[buffer[at] ?? 0] ?? notHex
    if (bits >= notHex) return parseId(this.readValue(), '', digits)
    this.position = end + 1
    return bits === 0 ? '' : buffer.toString('latin1', start, end)
  }

  readUint64(): bigint {
    return this.readDigits() ? (bits64[0] ?? 0n) : parseUint64(this.readValue(), '')
  }

  readInt64(): bigint {
    const start = this.position
    if (this.readDigits() && (halves[high] ?? 0) < 2 ** 31) return bits64[0] ?? 0n
    this.position = start
    return parseInt64(this.readValue(), '')
  }

  /**
   * One element of a list of attributes; one that came before, byte for byte, is not read again: it is the same object.
   */
  readAttribute(read: (cursor: JsonCursor) => Attribute): Attribute {
    if (this.peek() !== chars.brace) throw new UnusualJson()
    const start = this.position
    const before = this.structure
    const end = this.findEnd()
    const slot = slots.find(this.view, start, end)
    const known = slot < 0 ? undefined : slots.read(slot, this.view, start, end)
    if (known !== undefined) {
      this.position = end
      return known
    }
    this.structure = before
    const attribute = read(this)
    if (slot >= 0) slots.write(slot, this.view, start, end, attribute)
    return attribute
  }

  /** At the end of the text, and in time: what is read beyond the bound is the general reader's to refuse. */
  finish(): void {
    this.peek()
    if (this.position < this.buffer.length || this.structure > structureMax) throw new UnusualJson()
  }

  private enter(open: number, close: number): boolean {
    this.expect(open)
    this.countStructure()
    if (this.peek() !== close) return true
    this.position += 1
    return false
  }

  private next(close: number): boolean {
    const byte = this.peek()
    this.position += 1
    if (byte === close) return false
    if (byte !== chars.comma) throw new UnusualJson()
    this.countStructure()
    return true
  }

  private countStructure(): void {
    this.structure += 1
    if (this.structure > structureMax) throw new UnusualJson()
  }

  private expect(byte: number): void {
    if (this.peek() !== byte) throw new UnusualJson()
    this.position += 1
  }

  /** The next byte that is no blank; 0 at the end. */
  private peek(): number {
    let byte = this.buffer[this.position] ?? 0
    while (isBlank(byte)) {
      this.position += 1
      byte = this.buffer[this.position] ?? 0
    }
    return byte
  }

  /** Reads up to 19 digits, with or without quotes, into `bits64`; false when it is another value, which is still to be read. */
  private readDigits(): boolean {
    const { buffer } = this
    const isQuoted = this.peek() === chars.quote
    const start = isQuoted ? this.position + 1 : this.position
    let at = start
    let upper = 0
    let lower = 0
    let scale = 1
    let digit = (buffer[at] ?? 0) - chars.zero
    for (; digit >= 0 && digit <= 9 && at < start + 10; digit = (buffer[at] ?? 0) - chars.zero) {
      upper = 10 * upper + digit
      at += 1
    }
    for (; digit >= 0 && digit <= 9 && at < start + 19; digit = (buffer[at] ?? 0) - chars.zero) {
      lower = 10 * lower + digit
      scale *= 10
      at += 1
    }
    if (isQuoted ? buffer[at] !== chars.quote || at === start : !this.isWholeNumber(start, at)) {
      return false
    }
    this.position = isQuoted ? at + 1 : at
    // upper · scale + lower, in parts that a double holds exactly.
    const product = Math.floor(upper / 2 ** 16) * scale
    const rest = (product % 2 ** 16) * 2 ** 16 + (upper % 2 ** 16) * scale + lower
    halves[low] = rest % 2 ** 32
    halves[high] = Math.floor(product / 2 ** 16) + Math.floor(rest / 2 ** 32)
    return true
  }

  /** A whole number of up to 9 digits, as a kind, a code or a count is; -1 for any other value, which is still to be read. */
  private readSmall(first: number): number {
    const start = this.position
    let at = start
    let value = 0
    for (let byte = first; byte >= chars.zero && byte <= chars.nine; byte = this.buffer[at] ?? 0) {
      value = 10 * value + byte - chars.zero
      at += 1
    }
    if (at > start + 9 || !this.isWholeNumber(start, at)) return -1
    this.position = at
    return value
  }

  /** Whether digits that stand without quotes are all of a number of JSON. */
  private isWholeNumber(start: number, end: number): boolean {
    return (
      end > start &&
      isAfterScalar(this.buffer[end] ?? 0) &&
      (this.buffer[start] !== chars.zero || end === start + 1)
    )
  }

  /** Where the object or list at hand ends; what is in it is not looked at. */
  private findEnd(): number {
    const { buffer } = this
    let depth = 0
    let structure = this.structure
    for (let at = this.position; at < buffer.length; at += 1) {
      const byte = buffer[at] ?? 0
      if (byte === chars.quote) at = this.findStringEnd(at + 1) - 1
      else if (byte === chars.brace || byte === chars.bracket) {
        depth += 1
        structure += 1
      } else if (byte === chars.comma || byte === chars.n) structure += 1
      else if (byte === chars.closingBrace || byte === chars.closingBracket) {
        depth -= 1
        if (depth > 0) continue
        this.structure = structure
        return at + 1
      }
    }
    throw new UnusualJson()
  }

  /** Behind the quote that ends a string. */
  private findStringEnd(start: number): number {
    const { buffer } = this
    let at = start
    let byte = buffer[at]
    while (byte !== chars.quote) {
      if (byte === undefined) throw new UnusualJson()
      at += byte === chars.backslash ? 2 : 1
      byte = buffer[at]
    }
    return at + 1
  }

  private findScalarEnd(start: number): number {
    let at = start
    for (let byte = this.buffer[at] ?? 0; !isAfterScalar(byte); byte = this.buffer[at] ?? 0) {
      if (byte === chars.n) this.countStructure()
      at += 1
    }
    return at
  }
}

function isBlank(byte: number): boolean {
  return byte === chars.blank || byte === 0x0a || byte === 0x0d || byte === 0x09
}

/** A blank, a comma, the end of a list or an object, or of the text. */
function isAfterScalar(byte: number): boolean {
  return (
    byte <= chars.blank ||
    byte === chars.comma ||
    byte === chars.closingBrace ||
    byte === chars.closingBracket
  )
}

const notHex = 16
/** The value of each lower-case digit by its byte. */
const lowerHex = Uint8Array.from({ length: 256 }, (_, byte) => {
  const value = '0123456789abcdef'.indexOf(String.fromCharCode(byte))
  return value < 0 ? notHex : value
})

/** One place in memory read as both: how two halves become a `bigint` without another. */
const bits64 = new BigUint64Array(1)
const halves = new Uint32Array(bits64.buffer)
const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1
const [low, high] = isLittleEndian ? [0, 1] : [1, 0]
