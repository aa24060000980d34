import type { IdGenerator } from '@opentelemetry/sdk-trace-base'

const poolBytes = 4096

/** Ids cut from a block of random hex, which costs a fraction of making each by itself. */
export function createRandomIds(): IdGenerator {
  const bytes = new Uint8Array(poolBytes)
  let hex = ''
  let at = 0

  function take(characters: number): string {
    if (at + characters > hex.length) {
      // Not before it is needed: an isolate of Workers has no randomness before its first request.
      crypto.getRandomValues(bytes)
      hex = ''
      for (const byte of bytes) hex += byteToHex[byte]
      at = 0
    }
    at += characters
    return hex.slice(at - characters, at)
  }

  return { generateTraceId: () => take(32), generateSpanId: () => take(16) }
}

const byteToHex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
