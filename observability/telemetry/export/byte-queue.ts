import type { Head } from '../spans/encode-head.ts'
import type { WireWriter } from '../spans/wire-writer.ts'
import { Batch } from './batch.ts'
import type { Queue } from './drain.ts'

/** How a queue writes items, and how much of them may wait. */
export type ByteQueueOptions<T> = {
  readonly write: (writer: WireWriter, item: T) => void
  /** What stands before an item. Items with the same head share a batch. */
  readonly headOf: (item: T) => Head
  readonly queueMax: number
  readonly queueBytesMax: number
  readonly batchMax: number
}

/** Bytes that a batch is made for at least, and at most. */
const lengthMin = 2048
const lengthMax = 2 ** 20

/**
 * A queue whose items wait as bytes, of which the engine sees one object for hundreds: objects and texts that wait survive
 * collections, and each copies them. A batch that is taken whole is sent from the bytes that it was written into.
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
    last?.trim()
    return new Batch(head, length)
  }

  return {
    push(item) {
      if (size >= queueMax) return false
      const batch = open(headOf(item))
      const before = batch.bytes
      batch.add(item, write)
      if (bytes + batch.bytes - before > queueBytesMax) {
        batch.removeLast()
        batch.trim()
        return false
      }
      if (before === 0) batches.push(batch)
      size += 1
      bytes += batch.bytes - before
      return true
    },
    take(max) {
      const [first] = batches
      if (first === undefined) return undefined
      const { head } = first
      const isWhole =
        first.size === max ||
        (first.size < max && batches.findLast((other) => other.head === head) === first)
      const batch = isWhole ? first : new Batch(head, length)
      if (isWhole) {
        batches.shift()
        bytes -= batch.bytes
      } else {
        for (const other of batches)
          if (other.head === head) batch.takeFrom(other, max - batch.size)
        batches = batches.filter((other) => other.size > 0)
        bytes = batches.reduce((sum, other) => sum + other.bytes, 0)
      }
      size -= batch.size
      // The next is going to be as long, or a little longer.
      length = Math.min(Math.max(lengthMin, Math.ceil(batch.bytes * 1.125)), lengthMax)
      return batch
    },
    putBack(batch) {
      // A copy, for who was to send it may still be reading it.
      const kept = new Batch(batch.head, batch.bytes - batch.start)
      let { start } = batch
      for (const end of batch.ends) {
        const item = batch.writer.bytes.subarray(start, end)
        const needed = kept.bytes + item.length + (kept.size === 0 ? kept.start : 0)
        if (size + kept.size < queueMax && bytes + needed <= queueBytesMax)
          kept.add(item, (writer) => writer.encoded(item))
        start = end
      }
      if (kept.size > 0) batches.unshift(kept)
      size += kept.size
      bytes += kept.bytes
      return kept.size
    },
    get size() {
      return size
    },
  }
}
