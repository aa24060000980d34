import type { Batch } from '../export/batch.ts'
import { createByteQueue } from '../export/byte-queue.ts'
import { createHeads, type Observed } from '../spans/encode-head.ts'
import type { WireWriter } from '../spans/wire-writer.ts'

/** Spans or records of one scope as they wait to be sent; nothing if there are none. */
export function writeBatch<T extends Observed>(
  items: readonly T[],
  write: (writer: WireWriter, item: T) => void,
): Batch | undefined {
  const queue = createByteQueue<T>({
    write,
    headOf: createHeads(),
    queueMax: items.length,
    queueBytesMax: Number.POSITIVE_INFINITY,
    batchMax: items.length,
  })
  for (const item of items) queue.push(item)
  return queue.take(items.length)
}
