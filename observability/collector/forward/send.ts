import type { Encoding } from '../../otlp/signal.ts'
import { parseRetryAfter } from './retry-after.ts'

/** One export request on its way, gzip-compressed. */
export type Outgoing = {
  readonly url: string
  readonly encoding: Encoding
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer>
}

/** The result of one try, by rules 7 and 10 of OTLP/HTTP: partial success is final, four statuses are not. */
export type SendResult =
  | { readonly kind: 'delivered'; readonly isPartial: boolean }
  | { readonly kind: 'retry'; readonly reason: string; readonly afterMillis: number | undefined }
  | { readonly kind: 'refused'; readonly reason: string }

const retryableStatuses: readonly number[] = [429, 502, 503, 504]

/** An answer holds a sentence; the rest is not read. */
const answerBytesMax = 64 * 1024

/** Sends once. Never throws: a destination that cannot be reached is a reason to try again. */
export async function send(
  outgoing: Outgoing,
  signal: AbortSignal,
  nowMillis: () => number,
): Promise<SendResult> {
  try {
    const response = await fetch(outgoing.url, {
      method: 'POST',
      headers: outgoing.headers,
      body: outgoing.body,
      signal,
      // Not followed: the headers may hold a secret, and it was meant for this destination.
      redirect: 'manual',
    })
    const answer = await readAnswer(response)
    if (response.ok) return { kind: 'delivered', isPartial: isPartial(outgoing.encoding, answer) }
    const reason = `${response.status} ${response.statusText}`.trim()
    if (!retryableStatuses.includes(response.status)) return { kind: 'refused', reason }
    const afterMillis = parseRetryAfter(response.headers.get('retry-after'), nowMillis())
    return { kind: 'retry', reason, afterMillis }
  } catch (error) {
    return { kind: 'retry', reason: describe(error), afterMillis: undefined }
  }
}

async function readAnswer(response: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    // Leaving the loop cancels the body, and with it the connection.
    if (size > answerBytesMax) break
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** `partial_success` is the only field of the answer, so any byte of protobuf means it is set. */
function isPartial(encoding: Encoding, answer: Buffer): boolean {
  if (encoding === 'protobuf') return answer.length > 0
  return /"partialSuccess"\s*:\s*\{\s*"/.test(answer.toString('utf8'))
}

/** `fetch` says only "fetch failed"; its cause says why. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause instanceof Error ? error.cause : error
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message
}
