import type { IdGenerator } from '@opentelemetry/sdk-trace-base'

const poolBytes = 4096

/** Ids cut from a block of random hex, which costs a fraction of making each by itself. */
export function createRandomIds(): IdGenerator {
  const bytes = new Uint8Array(poolBytes)
  const digits = new Uint8Array(poolBytes * 2)
  const decoder = new TextDecoder()
  let hex = ''
  let at = 0

  /** Not before it is needed: an isolate of Workers has no randomness before its first request. */
  function fill(): void {
    crypto.getRandomValues(bytes)
    for (let i = 0; i < poolBytes; i += 1) {
      const byte = bytes[i] ?? 0
      digits[2 * i] = toDigit(byte >> 4)
      digits[2 * i + 1] = toDigit(byte & 15)
    }
    hex = decoder.decode(digits)
    at = 0
  }

  function take(characters: number): string {
    if (at + characters > hex.length) fill()
    at += characters
    return hex.slice(at - characters, at)
  }

  return { generateTraceId: () => take(32), generateSpanId: () => take(16) }
}

/** The character code of one of 0123456789abcdef. */
function toDigit(value: number): number {
  return value < 10 ? 48 + value : 87 + value
}
