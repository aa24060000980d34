import type { Attribute } from '../model.ts'

/** Longer ones are rarely worth comparing. Statements that are sent with each span are mostly shorter. */
const bytesMax = 192
/**
 * One attribute per slot, a newcomer takes the place: bounded without bookkeeping, at most about 2 MB. It outlives
 * the request because batches of one span are common.
 */
const slotsMax = 4096

/**
 * Attributes by the bytes that they were read from. Most repeat from span to span: found by their bytes they need not
 * be read, and all spans share them. Each encoding has slots of its own, because bytes mean nothing without one.
 */
export class AttributeSlots {
  private readonly bytes = new DataView(new ArrayBuffer(slotsMax * bytesMax))
  private readonly lengths = new Uint8Array(slotsMax)
  private readonly attributes = new Array<Attribute | undefined>(slotsMax).fill(undefined)

  /** Where an attribute of these bytes is or would be kept; -1 when it is too long. */
  find(view: DataView, start: number, end: number): number {
    if (end - start > bytesMax) return -1
    let hash = end - start
    let at = start
    for (; at + 4 <= end; at += 4) {
      hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e3779b1)
      hash ^= hash >>> 15
    }
    for (; at < end; at += 1) hash = Math.imul(hash ^ view.getUint8(at), 0x9e3779b1)
    return (hash ^ (hash >>> 16)) & (slotsMax - 1)
  }

  /** What is kept there, if it is of these bytes. */
  read(slot: number, view: DataView, start: number, end: number): Attribute | undefined {
    if (this.lengths[slot] !== end - start) return undefined
    const { bytes } = this
    let kept = slot * bytesMax
    let at = start
    for (; at + 4 <= end; at += 4, kept += 4) {
      if (view.getInt32(at, true) !== bytes.getInt32(kept, true)) return undefined
    }
    for (; at < end; at += 1, kept += 1) {
      if (view.getUint8(at) !== bytes.getUint8(kept)) return undefined
    }
    return this.attributes[slot]
  }

  write(slot: number, view: DataView, start: number, end: number, attribute: Attribute): void {
    this.lengths[slot] = end - start
    this.attributes[slot] = attribute
    const { bytes } = this
    let kept = slot * bytesMax
    let at = start
    for (; at + 4 <= end; at += 4, kept += 4) bytes.setInt32(kept, view.getInt32(at, true), true)
    for (; at < end; at += 1, kept += 1) bytes.setUint8(kept, view.getUint8(at))
  }
}
