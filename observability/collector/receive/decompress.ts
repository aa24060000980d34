import { gunzipSync, inflateSync } from 'node:zlib'
import { Refusal } from './refusal.ts'

/**
 * The body without its `Content-Encoding`: gzip, deflate (zlib format), or none.
 *
 * zlib stops at the first block that passes `bodyBytesMax`, so a bomb costs that much and
 * no more. Synchronous on purpose: at most one inflated body exists at a time, and for
 * usual batches the thread pool costs more than the inflating.
 *
 * @throws Refusal 413 past the bound, 400 for corrupt data or another encoding.
 */
export function decompress(
  body: Buffer,
  contentEncoding: string | undefined,
  bodyBytesMax: number,
): Buffer {
  const encoding = (contentEncoding ?? 'identity').trim().toLowerCase()
  if (encoding === 'identity' || encoding === '') return body
  const inflate = inflaters.get(encoding)
  if (inflate === undefined) {
    const given = JSON.stringify(contentEncoding)
    throw new Refusal(400, `content-encoding: expected gzip, deflate or identity, got ${given}`)
  }
  try {
    return inflate(body, { maxOutputLength: bodyBytesMax })
  } catch (cause) {
    if (readCode(cause) === 'ERR_BUFFER_TOO_LARGE') {
      throw new Refusal(413, `the body is larger than ${bodyBytesMax} bytes after decompression`)
    }
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Refusal(400, `the body is not valid ${encoding}: ${reason}`)
  }
}

type Inflate = (body: Buffer, options: { readonly maxOutputLength: number }) => Buffer

const inflaters: ReadonlyMap<string, Inflate> = new Map([
  ['gzip', gunzipSync],
  ['x-gzip', gunzipSync], // the same, by RFC 9110, 8.4.1.3
  ['deflate', inflateSync],
])

function readCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
