/**
 * Turns UTF-8 into strings, and equal bytes, as a rule, into the very same string.
 *
 * Attribute keys, scope names and most values repeat from span to span. Finding the
 * string by its bytes is faster than making it again, and a stored span then shares
 * its strings with all others. Bytes that are not UTF-8 become U+FFFD, as the
 * specification recommends since opentelemetry-proto #845: one bad value must not cost
 * its batch.
 */
export function readText(buffer: Buffer, start: number, end: number): string {
  if (end - start > cachedBytesMax) return buffer.toString('utf8', start, end)
  let hash = 0
  let bits = 0
  for (let index = start; index < end; index += 1) {
    const byte = buffer[index] ?? 0
    hash = (Math.imul(hash, 31) + byte) | 0
    bits |= byte
  }
  if (bits > 0x7f) return buffer.toString('utf8', start, end)
  const slot = (hash ^ (hash >>> 15)) & (slotsMax - 1)
  const cached = slots[slot] ?? ''
  if (isSameText(cached, buffer, start, end)) return cached
  const text = buffer.toString('latin1', start, end)
  slots[slot] = text
  return text
}

/** Longer strings, such as stack traces and SQL, are rarely worth comparing. */
const cachedBytesMax = 64

/**
 * One string per slot, a newcomer takes the place: bounded without bookkeeping, at most
 * about 0.4 MB. It outlives the request because batches of one span are common.
 */
const slotsMax = 4096
const slots: string[] = new Array<string>(slotsMax).fill('')

/** Whether these bytes are this text, of ASCII. */
export function isSameText(text: string, buffer: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start) return false
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) !== buffer[start + index]) return false
  }
  return true
}
