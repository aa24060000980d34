const digits = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))
const highDigits = Uint8Array.from({ length: 256 }, (_, byte) => digits[byte >> 4] ?? 0)
const lowDigits = Uint8Array.from({ length: 256 }, (_, byte) => digits[byte & 15] ?? 0)

const high = (byte = 0): number => highDigits[byte] ?? 0
const low = (byte = 0): number => lowDigits[byte] ?? 0

/** Eight bytes in lower-case hex. A span has three such texts or more, and `Buffer` takes three times as long for one. */
export function readHex(buffer: Uint8Array, start: number): string {
  const [a, b, c, d] = [buffer[start], buffer[start + 1], buffer[start + 2], buffer[start + 3]]
  const [e, f, g, h] = [buffer[start + 4], buffer[start + 5], buffer[start + 6], buffer[start + 7]]
  return String.fromCharCode(
    high(a),
    low(a),
    high(b),
    low(b),
    high(c),
    low(c),
    high(d),
    low(d),
    high(e),
    low(e),
    high(f),
    low(f),
    high(g),
    low(g),
    high(h),
    low(h),
  )
}
