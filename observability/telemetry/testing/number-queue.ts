import { resourceFromAttributes } from '@opentelemetry/resources'
import type { Batch } from '../export/batch.ts'
import { createByteQueue } from '../export/byte-queue.ts'
import type { Queue } from '../export/drain.ts'
import { encodeHead } from '../spans/encode-head.ts'

const head = encodeHead(resourceFromAttributes({}), { name: 'numbers' })

/** A queue of numbers up to 255, whose bytes are themselves and as many zeros as make up their size. */
export function createNumberQueue(options: {
  readonly queueMax: number
  readonly batchMax: number
  /** Bytes that a number takes; defaults to 1. */
  readonly sizeOf?: (number: number) => number
  readonly queueBytesMax?: number
}): Queue<number, Batch> {
  const { sizeOf = () => 1, queueBytesMax = Number.POSITIVE_INFINITY } = options
  return createByteQueue<number>({
    ...options,
    queueBytesMax: queueBytesMax + head.lengthMax,
    headOf: () => head,
    write: (writer, number) =>
      writer.encoded(Uint8Array.of(number, ...Array(sizeOf(number) - 1).fill(0))),
  })
}

/** The numbers of a batch. */
export function readNumbers({ writer, start, ends }: Batch): number[] {
  return ends.map((_, index) => writer.bytes[ends[index - 1] ?? start] ?? Number.NaN)
}
