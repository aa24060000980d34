import { constants, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib'
import { describeError } from '../../plumbing/describe-error.ts'
import { Refusal } from './refusal.ts'

/**
 * The body without its `Content-Encoding`: what Node can do of what the Collector takes. It also takes
 * snappy and lz4, which no exporter of an SDK sends.
 *
 * Node stops at the first block that passes `bodyBytesMax`, so a bomb costs that much and
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
    throw new Refusal(400, `content-encoding: expected ${known}, got ${given}`)
  }
  try {
    return inflate(body, { maxOutputLength: bodyBytesMax })
  } catch (cause) {
    if (readCode(cause) === 'ERR_BUFFER_TOO_LARGE') {
      throw new Refusal(413, `the body is larger than ${bodyBytesMax} bytes after decompression`)
    }
    throw new Refusal(400, `the body is not valid ${encoding}: ${describeError(cause)}`)
  }
}

/** Some senders leave out the header of zlib that belongs to it: of four bits that are 8, and a check sum. */
function inflateAny(body: Buffer, options: { readonly maxOutputLength: number }): Buffer {
  const hasHeader =
    body.length >= 2 && ((body[0] ?? 0) & 15) === 8 && body.readUInt16BE(0) % 31 === 0
  return hasHeader ? inflateSync(body, options) : inflateRawSync(body, options)
}

/** A window of 8 MiB is all that RFC 9659 allows here; a decoder makes room for it before it reads. */
function inflateZstd(body: Buffer, options: { readonly maxOutputLength: number }): Buffer {
  return zstdDecompressSync(body, { ...options, params: { [constants.ZSTD_d_windowLogMax]: 23 } })
}

type Inflate = (body: Buffer, options: { readonly maxOutputLength: number }) => Buffer

const inflaters: ReadonlyMap<string, Inflate> = new Map<string, Inflate>([
  ['gzip', gunzipSync],
  ['x-gzip', gunzipSync], // the same, by RFC 9110, 8.4.1.3
  ['deflate', inflateAny],
  ['zlib', inflateSync],
  ['zstd', inflateZstd],
])

const known = `identity, ${[...inflaters.keys()].join(', ')}`

function readCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
