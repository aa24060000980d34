/**
 * The same string for equal text, as a rule.
 *
 * `JSON.parse` makes a new string each time, but attribute keys, names and most values
 * repeat from span to span. Sharing them takes 30 % off a stored span for a tenth
 * more time to parse it (`benchmarks/otlp-decode.ts`).
 */
export function poolString(text: string): string {
  if (text.length > pooledCharsMax) return text
  const pooled = pool.get(text)
  if (pooled !== undefined) return pooled
  // Starting over is crude, but what is common is back with the next few spans.
  if (pool.size === pooledStringsMax) pool.clear()
  pool.set(text, text)
  return text
}

/** Longer strings, such as stack traces and SQL, are rarely worth comparing. */
const pooledCharsMax = 64

/** Strings that are remembered; past it all are forgotten. */
export const pooledStringsMax = 4096

const pool = new Map<string, string>()
