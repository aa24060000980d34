import { ByteSlots } from './byte-slots.ts'
import { readHex } from './read-hex.ts'

/** At most about 0.3 MB. Nothing is spared: the newest ids are those that come again. */
const slots = new ByteSlots<string>(4096, 16, false)
const noIds = [8, 16].map((bytes) => '0'.repeat(2 * bytes))

/**
 * The hex of 8 or 16 bytes, empty for only zeros, and as a rule the very same string for the same id: a trace's comes
 * with each of its spans, a span's with each of its children. Shared it is held once, and a `Map` has hashed it already.
 *
 * @param view Of the same bytes as `buffer`.
 */
export function readId(buffer: Buffer, view: DataView, start: number, end: number): string {
  const slot = slots.find(view, start, end)
  const known = slots.read(slot, view, start, end)
  if (known !== undefined) return known
  const text = end - start === 8 ? readHex(buffer, start) : buffer.toString('hex', start, end)
  return slots.write(slot, view, start, end, noIds.includes(text) ? '' : text)
}
