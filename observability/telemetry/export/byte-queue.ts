import type { Head } from '../spans/encode-head.ts'
import { WireWriter } from '../spans/wire-writer.ts'
import type { Queue } from './drain.ts'

/** How a queue writes items, and how much of them may wait. */
export type ByteQueueOptions<T> = {
  readonly write: (writer: WireWriter, item: T) => void
  /** What stands before an item: the same object for all that may stand behind it together. */
  readonly headOf: (item: T) => Head
  readonly queueMax: number
  readonly queueBytesMax: number
  readonly batchMax: number
}

/** Items behind one head, in the bytes in which they will be sent. */
export class Batch {
  readonly head: Head
  readonly writer: WireWriter
  /** Where the first begins, with room before it for the head. */
  start: number
  /** Where each ends. */
  readonly ends: number[] = []

  constructor(head: Head, length: number) {
    this.head = head
    this.start = head.lengthMax
    this.writer = new WireWriter(this.start + length)
    this.writer.at = this.start
  }

  get size(): number {
    return this.ends.length
  }

  get bytes(): number {
    return this.writer.at - this.start
  }

  /** Lets go of all but the first items. */
  cut(size: number): void {
    this.ends.length = size
    this.writer.at = this.ends.at(-1) ?? this.start
  }

  /** Takes over the first items of another. */
  takeFrom(other: Batch, size: number): void {
    const { writer, ends } = other
    const [start, moved] = [other.start, this.writer.at - other.start]
    const taken = ends.splice(0, size)
    other.start = taken.at(-1) ?? start
    this.writer.encoded(writer.bytes.subarray(start, other.start))
    for (const end of taken) this.ends.push(end + moved)
  }
}

const lengthMin = 2048

/**
 * A queue whose items wait as bytes, one behind the other, of which the engine sees one object for hundreds: objects
 * and texts that wait survive collections, and each copies them.
 *
 * A batch that nobody has to join or to part is sent from where it was written.
 */
export function createByteQueue<T>(options: ByteQueueOptions<T>): Queue<T, Batch> {
  const { write, headOf, queueMax, queueBytesMax, batchMax } = options
  let batches: Batch[] = []
  let size = 0
  let bytes = 0
  let length = lengthMin

  function open(head: Head): Batch {
    const last = batches.findLast((batch) => batch.head === head)
    if (last !== undefined && last.size < batchMax) return last
    const batch = new Batch(head, length)
    batches.push(batch)
    return batch
  }

  return {
    push(item) {
      if (size >= queueMax) return false
      const { writer, ends } = open(headOf(item))
      const { at } = writer
      try {
        write(writer, item)
      } catch (error) {
        writer.at = at
        throw error
      }
      const taken = writer.at - at
      if (bytes + taken > queueBytesMax) {
        writer.at = at
        return false
      }
      ends.push(writer.at)
      size += 1
      bytes += taken
      return true
    },
    take(max) {
      // One is empty if its first item could not be written, or was too much.
      const [first, ...rest] = batches.filter((waiting) => waiting.size > 0)
      if (first === undefined) return undefined
      const { head } = first
      let batch = first
      if (first.size <= max && !(first.size < max && rest.some((other) => other.head === head)))
        batches = rest
      else {
        batch = new Batch(head, length)
        for (const other of batches)
          if (other.head === head) batch.takeFrom(other, max - batch.size)
        batches = batches.filter((other) => other.size > 0)
      }
      size -= batch.size
      bytes -= batch.bytes
      // The next is going to be as long, or a little longer.
      length = Math.max(lengthMin, Math.ceil(batch.bytes * 1.125))
      return batch
    },
    putBack(batch) {
      const [room, bytesRoom] = [queueMax - size, queueBytesMax - bytes + batch.start]
      const fitting = batch.ends.findIndex((end, index) => index >= room || end > bytesRoom)
      if (fitting >= 0) batch.cut(fitting)
      if (batch.size > 0) batches.unshift(batch)
      size += batch.size
      bytes += batch.bytes
      return batch.size
    },
    get size() {
      return size
    },
  }
}
