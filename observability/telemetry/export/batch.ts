import type { Head } from '../spans/encode-head.ts'
import { WireWriter } from '../spans/wire-writer.ts'

/** Items with the same head, one behind the other, in the bytes in which they will be sent. */
export class Batch {
  readonly head: Head
  readonly writer: WireWriter
  /** Where the first begins, with room before it for the head. */
  start: number
  /** Where each ends. */
  readonly ends: number[] = []

  /** @param length Bytes that its items are likely to take. */
  constructor(head: Head, length: number) {
    this.head = head
    this.start = head.lengthMax
    this.writer = new WireWriter(this.start + length)
    this.writer.at = this.start
  }

  get size(): number {
    return this.ends.length
  }

  /** What it takes, with the room for its head; nothing without an item. */
  get bytes(): number {
    return this.size === 0 ? 0 : this.writer.at
  }

  /** The body of a request to `/v1/traces` or `/v1/logs`: its bytes, with the head before them. */
  render(): Uint8Array<ArrayBuffer> {
    const { bytes, at } = this.writer
    return bytes.subarray(this.head.write(bytes, this.start, at), at)
  }

  /** Gives back room that is not likely to be needed. */
  trim(): void {
    const { writer } = this
    if (writer.bytes.length > writer.at * 1.25) writer.bytes = writer.bytes.slice(0, writer.at)
  }

  /** Writes an item behind the others; if it cannot be written, nothing of it stays. */
  add<T>(item: T, write: (writer: WireWriter, item: T) => void): void {
    const { at } = this.writer
    try {
      write(this.writer, item)
    } catch (error) {
      this.writer.at = at
      throw error
    }
    this.ends.push(this.writer.at)
  }

  /** Takes back what was added last. */
  removeLast(): void {
    this.ends.pop()
    this.writer.at = this.ends.at(-1) ?? this.start
  }

  /** Takes over the first items of another. */
  takeFrom(other: Batch, size: number): void {
    for (const end of other.ends.splice(0, size)) {
      this.writer.encoded(other.writer.bytes.subarray(other.start, end))
      this.ends.push(this.writer.at)
      other.start = end
    }
  }
}
