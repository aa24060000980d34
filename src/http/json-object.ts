import type { Context } from 'hono'
import { Problem } from './problem.ts'

/** Bytes of a request body when the runtime sets no other limit: 1 MiB. */
export const bodyBytesMaxDefault = 1024 * 1024

// RFC 8259 §8.1 asks for UTF-8; without `fatal` a broken sequence would be stored as U+FFFD.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

/**
 * The JSON object that a request carries.
 *
 * Never holds more than `bytesMax` plus one chunk: a longer body is refused
 * from its `content-length`, or as soon as its chunks pass the limit.
 *
 * @throws {Problem} 415 for a body that is not JSON, 413 for more than `bytesMax`, 400 for an empty body, broken UTF-8
 * or JSON, and JSON that is no object.
 */
export async function readJsonObject(c: Context, bytesMax: number): Promise<object> {
  await requireJson(c)
  const bytes = await readBytes(c, bytesMax)
  if (bytes.byteLength === 0) throw emptyBody()
  const value = parseJson(decodeUtf8(bytes))
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  const came = Array.isArray(value) ? 'an array' : value === null ? 'null' : `a ${typeof value}`
  const message = `expected a JSON object, got ${came}`
  throw new Problem(400, `body: ${message}`, { errors: [{ path: '', message }] })
}

async function requireJson(c: Context): Promise<void> {
  const mediaType = c.req.header('content-type')?.split(';', 1)[0]?.trim() ?? ''
  const coding = c.req.header('content-encoding') ?? 'identity'
  const isJson = /^application\/(?:[\w!#$%&'*+.^`|~-]+\+)?json$/i.test(mediaType)
  if (isJson && coding.toLowerCase() === 'identity') return
  // A missing body is told apart from a wrong one by reading, not by headers: runtimes differ in
  // whether a request without a body has a stream.
  if (await isBodyEmpty(c)) throw emptyBody()
  if (isJson) throw new Problem(415, 'content-encoding: expected none')
  throw new Problem(415, 'content-type: expected application/json')
}

async function isBodyEmpty(c: Context): Promise<boolean> {
  const declared = c.req.header('content-length')
  if (declared !== undefined) return Number(declared) === 0
  const reader = c.req.raw.body?.getReader()
  if (!reader) return true
  for (;;) {
    const { done, value } = await reader.read().catch(throwCutShort)
    if (done) return true
    if (value.byteLength > 0) break
  }
  cancel(reader)
  return false
}

async function readBytes(c: Context, bytesMax: number): Promise<Uint8Array> {
  const declared = c.req.header('content-length')
  if (declared !== undefined && Number(declared) > bytesMax) throw bodyTooLarge(bytesMax)
  // A server lets no more through than `content-length` says, and has its fastest way for this call.
  const bytes =
    declared === undefined || c.req.header('transfer-encoding') !== undefined
      ? await readStream(c.req.raw.body, bytesMax)
      : new Uint8Array(await c.req.arrayBuffer().catch(throwCutShort))
  if (bytes.byteLength > bytesMax) throw bodyTooLarge(bytesMax)
  return bytes
}

async function readStream(
  body: ReadableStream<Uint8Array> | null,
  bytesMax: number,
): Promise<Uint8Array> {
  if (!body) return new Uint8Array()
  const reader = body.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read().catch(throwCutShort)
    if (done) break
    length += value.byteLength
    if (length > bytesMax) {
      cancel(reader)
      throw bodyTooLarge(bytesMax)
    }
    chunks.push(value)
  }
  const bytes = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.byteLength
  }
  return bytes
}

function cancel(reader: { cancel(): Promise<void> }): void {
  // The answer is decided; how the rest of the body ends is of no interest.
  reader.cancel().catch(() => undefined)
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw new Problem(400, 'body: expected UTF-8')
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own message differs between runtimes and quotes the body.
    throw new Problem(400, 'body: expected valid JSON')
  }
}

function throwCutShort(): never {
  throw new Problem(400, 'body: ended before it was complete')
}

function emptyBody(): Problem {
  return new Problem(400, 'body: expected a JSON object, got nothing')
}

function bodyTooLarge(bytesMax: number): Problem {
  return new Problem(413, `body: expected at most ${bytesMax} bytes`)
}
