import { ByteSlots } from './byte-slots.ts'

/** Longer strings, such as stack traces and SQL, are rarely worth comparing. At most about 0.6 MB. */
const slots = new ByteSlots<string>(4096, 64)

/**
 * Turns UTF-8 into strings, and equal bytes, as a rule, into the very same string.
 *
 * Attribute keys, scope names and most values repeat from span to span. Finding the
 * string by its bytes is faster than making it again, and a stored span then shares
 * its strings with all others. Bytes that are not UTF-8 become U+FFFD, as the
 * specification recommends since opentelemetry-proto #845: one bad value must not cost
 * its batch.
 *
 * @param view Of the same bytes as `buffer`.
 */
export function readText(buffer: Buffer, view: DataView, start: number, end: number): string {
  const slot = slots.find(view, start, end)
  if (slot < 0) return buffer.toString('utf8', start, end)
  const known = slots.read(slot, view, start, end)
  return known ?? slots.write(slot, view, start, end, buffer.toString('utf8', start, end))
}
