const encoder = new TextEncoder()
/** A text of at most so many characters is copied here, which is faster than to have it encoded. */
const copiedCharactersMax = 48
const wireTypes = { varint: 0, fixed64: 1, length: 2, fixed32: 5 } as const

/** Times are mostly of the same second, whose nanoseconds are kept in two halves of 32 bits. */
let lastSecond = Number.NaN
let secondHigh = 0
let secondLow = 0

/**
 * Writes protobuf into bytes that grow.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export class WireWriter {
  bytes: Uint8Array<ArrayBuffer>
  /** Where the next byte comes to. */
  at = 0

  constructor(length: number) {
    this.bytes = new Uint8Array(length)
  }

  /** Makes room for `length` more bytes. */
  reserve(length: number): void {
    const needed = this.at + length
    if (needed <= this.bytes.length) return
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2))
    // All of them: where a length is written, what it is the length of stands behind it.
    grown.set(this.bytes)
    this.bytes = grown
  }

  /** How a field begins: its number, and in what form its value follows. */
  tag(field: number, type: keyof typeof wireTypes): void {
    this.varint((field << 3) | wireTypes[type])
  }

  /** A whole number from 0 to 2⁵³. */
  varint(value: number): void {
    this.reserve(8)
    let rest = value
    for (; rest > 0x7fffffff; rest = Math.floor(rest / 128))
      this.bytes[this.at++] = (rest % 128) | 0x80
    for (; rest > 0x7f; rest >>>= 7) this.bytes[this.at++] = (rest & 0x7f) | 0x80
    this.bytes[this.at++] = rest
  }

  /** A whole number from -2⁶³ to 2⁶³, in the 64 bits of its two's complement. */
  int64(value: number): void {
    if (value >= 0 && value <= Number.MAX_SAFE_INTEGER) {
      this.varint(value)
      return
    }
    this.reserve(10)
    let rest = BigInt.asUintN(64, BigInt(value))
    for (; rest > 0x7fn; rest >>= 7n) this.bytes[this.at++] = Number(rest & 0x7fn) | 0x80
    this.bytes[this.at++] = Number(rest)
  }

  fixed32(value: number): void {
    this.reserve(4)
    for (let shift = 0; shift < 32; shift += 8) this.bytes[this.at++] = value >>> shift
  }

  double(value: number): void {
    this.reserve(8)
    new DataView(this.bytes.buffer).setFloat64(this.at, value, true)
    this.at += 8
  }

  /** A time as nanoseconds since the Unix epoch, in 64 bits; `nanos` may be a whole second. */
  time(second: number, nanos: number): void {
    if (second !== lastSecond) {
      const whole = BigInt(second) * 1_000_000_000n
      lastSecond = second
      secondLow = Number(whole & 0xffffffffn)
      secondHigh = Number(whole >> 32n)
    }
    const low = secondLow + nanos
    this.fixed32(low)
    this.fixed32(secondHigh + Math.floor(low / 2 ** 32))
  }

  /** What was encoded before. */
  encoded(bytes: Uint8Array): void {
    this.reserve(bytes.length)
    this.bytes.set(bytes, this.at)
    this.at += bytes.length
  }

  /** How long an id is, and its bytes, of its digits in hex. */
  hex(digits: string): void {
    const { length } = digits
    this.varint(length >> 1)
    this.reserve(length >> 1)
    for (let i = 0; i + 1 < length; i += 2)
      this.bytes[this.at++] =
        (readDigit(digits.charCodeAt(i)) << 4) | readDigit(digits.charCodeAt(i + 1))
  }

  /** How long a text is, and the text. What is given for one may be anything, whatever the types say. */
  text(given: string): void {
    const text = String(given)
    const { length } = text
    if (length <= copiedCharactersMax && this.#copy(text, length)) return
    this.at += 1
    const begun = this.at
    // No character takes more than three bytes for each of the units of UTF-16.
    this.reserve(length * 3)
    this.at += encoder.encodeInto(text, this.bytes.subarray(begun)).written
    this.finish(begun)
  }

  /** Copies a text of ASCII alone. */
  #copy(text: string, length: number): boolean {
    this.reserve(length + 1)
    const { bytes, at } = this
    bytes[at] = length
    for (let i = 0; i < length; i += 1) {
      const code = text.charCodeAt(i)
      if (code > 0x7f) return false
      bytes[at + 1 + i] = code
    }
    this.at = at + 1 + length
    return true
  }

  /**
   * Begins a field whose value has its length before it, and leaves room for that: so many bytes as it is likely to take.
   *
   * @returns What is to be given to `finish`.
   */
  begin(field: number, room = 1): number {
    this.tag(field, 'length')
    this.reserve(room)
    this.at += room
    return this.at
  }

  /** Ends such a field. What was written of it moves if its length takes more bytes than were left, or less. */
  finish(begun: number, room = 1): void {
    const { at } = this
    const length = at - begun
    const moved = sizeOfVarint(length) - room
    if (moved !== 0) {
      this.reserve(Math.max(0, moved))
      this.bytes.copyWithin(begun + moved, begun, at)
    }
    this.at = begun - room
    this.varint(length)
    this.at = at + moved
  }
}

function sizeOfVarint(value: number): number {
  let size = 1
  for (let rest = value; rest > 0x7f; rest >>>= 7) size += 1
  return size
}

/** What a character of 0123456789abcdefABCDEF stands for. */
function readDigit(code: number): number {
  return (code & 15) + (code >> 6) * 9
}
