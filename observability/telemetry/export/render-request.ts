import type { Batch } from './batch.ts'

/** The body of a request to `/v1/traces` or `/v1/logs`, in protobuf: the bytes of a batch, with its head before them. */
export function renderRequest({ head, writer, start }: Batch): Uint8Array<ArrayBuffer> {
  const { bytes, at } = writer
  return bytes.subarray(head.write(bytes, start, at), at)
}
