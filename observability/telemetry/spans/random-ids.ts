import type { IdGenerator } from '@opentelemetry/sdk-trace-base'

/** Ids of random hex, made many at a time, which costs a fraction of making each by itself. */
export function createRandomIds(): IdGenerator {
  return { generateTraceId: createPool(16), generateSpanId: createPool(8) }
}

const idsAtOnce = 256
const digits = new TextEncoder().encode('0123456789abcdef')

/** Gives an id of so many bytes whenever it is asked. */
function createPool(bytes: number): () => string {
  const random = new Uint8Array(idsAtOnce * bytes)
  // A list of texts in JSON. Cut from one text, ids would be views of it, which `JSON.stringify` takes twice as long for.
  const json = new TextEncoder().encode(
    JSON.stringify(Array(idsAtOnce).fill('0'.repeat(2 * bytes))),
  )
  const decoder = new TextDecoder()
  let ids: string[] = []

  /** Not before it is needed: an isolate of Workers has no randomness before its first request. */
  function fill(): string[] {
    crypto.getRandomValues(random)
    for (let i = 0, at = 0; i < random.length; i += 1) {
      // Before each id, a bracket or a quotation mark with its comma, and a quotation mark.
      if (i % bytes === 0) at += i === 0 ? 2 : 3
      const byte = random[i] ?? 0
      json[at++] = digits[byte >> 4] ?? 0
      json[at++] = digits[byte & 15] ?? 0
    }
    return JSON.parse(decoder.decode(json))
  }

  return () => {
    if (ids.length === 0) ids = fill()
    return ids.pop() ?? ''
  }
}
