/**
 * Values by the bytes that they were read from. Most keys, attributes, names and ids repeat from span to span: found by
 * its bytes a value need not be read, and all spans share it. Each kind has slots of its own, because bytes mean nothing
 * without one.
 *
 * One value per slot, a newcomer takes the place: bounded without bookkeeping. It outlives the request because batches
 * of one span are common.
 *
 * With `sparesUsed` a value that was found since the last newcomer keeps its place this time: else the attributes that
 * never come again, such as paths, would soon have pushed out each of those that come with every span.
 */
export class ByteSlots<T> {
  private readonly bytesMax: number
  private readonly mask: number
  private readonly bytes: DataView
  private readonly lengths: Uint16Array
  private readonly values: (T | undefined)[]
  private readonly sparesUsed: boolean
  private readonly used: Uint8Array

  /**
   * @param slotsMax A power of two.
   * @param bytesMax What is longer is not kept, as it is rarely worth comparing.
   */
  constructor(slotsMax: number, bytesMax: number, sparesUsed = true) {
    this.sparesUsed = sparesUsed
    this.used = new Uint8Array(slotsMax)
    this.bytesMax = bytesMax
    this.mask = slotsMax - 1
    this.bytes = new DataView(new ArrayBuffer(slotsMax * bytesMax))
    this.lengths = new Uint16Array(slotsMax)
    this.values = new Array<T | undefined>(slotsMax).fill(undefined)
  }

  /** Where the value of these bytes is or would be kept; -1 when they are too many. */
  find(view: DataView, start: number, end: number): number {
    if (end - start > this.bytesMax) return -1
    let hash = end - start
    let at = start
    for (; at + 4 <= end; at += 4) {
      hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e3779b1)
      hash ^= hash >>> 15
    }
    for (; at < end; at += 1) hash = Math.imul(hash ^ view.getUint8(at), 0x9e3779b1)
    return (hash ^ (hash >>> 16)) & this.mask
  }

  /** What is kept there, if it is of these bytes. */
  read(slot: number, view: DataView, start: number, end: number): T | undefined {
    const value = this.values[slot]
    if (value === undefined || this.lengths[slot] !== end - start) return undefined
    const { bytes, bytesMax } = this
    let kept = slot * bytesMax
    let at = start
    for (; at + 4 <= end; at += 4, kept += 4) {
      if (view.getInt32(at, true) !== bytes.getInt32(kept, true)) return undefined
    }
    for (; at < end; at += 1, kept += 1) {
      if (view.getUint8(at) !== bytes.getUint8(kept)) return undefined
    }
    this.used[slot] = 1
    return value
  }

  /** Keeps the value there, in place of another that is not spared, and gives it back. */
  write(slot: number, view: DataView, start: number, end: number, value: T): T {
    const isSpared = this.sparesUsed && this.used[slot] === 1
    this.used[slot] = 0
    if (isSpared) return value
    this.lengths[slot] = end - start
    this.values[slot] = value
    const { bytes, bytesMax } = this
    let kept = slot * bytesMax
    let at = start
    for (; at + 4 <= end; at += 4, kept += 4) bytes.setInt32(kept, view.getInt32(at, true), true)
    for (; at < end; at += 1, kept += 1) bytes.setUint8(kept, view.getUint8(at))
    return value
  }
}
