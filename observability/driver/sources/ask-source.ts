import { setTimeout as delay } from 'node:timers/promises'
import { describeFetchError } from './describe-fetch-error.ts'

/** An answer larger than this is not a trace of one request. */
const traceBytesMax = 64 * 1024 * 1024

const fetchMillisMax = 10_000

/** The reason why a source gave no traces. */
export class SourceError extends Error {
  override readonly name = 'SourceError'
  /** Whether asking again is in vain, as it is when the question is refused. */
  readonly isFinal: boolean
  /** Status of the answer; `null` without an answer, or if the status is not the reason. */
  readonly status: number | null

  constructor(
    message: string,
    isFinal: boolean,
    { status = null, ...options }: ErrorOptions & { readonly status?: number | null } = {},
  ) {
    super(message, options)
    this.isFinal = isFinal
    this.status = status
  }
}

/** Refusals that may pass: too early, too slow, too much at once. */
const passing = [408, 425, 429]

/** A Tempo takes few questions at once, and says 429 to the others; waiting is all it asks. */
const busyStatus = 429
const busyAttemptsMax = 6
const busyMillis = 50

type SourceAnswer = { readonly bytes: Buffer; readonly contentType: string }

/**
 * One question to a source of traces, asked again while the source is busy: at most six times, in a
 * second and a half.
 *
 * @returns `null` for a 404: it has not come, or not yet.
 * @throws SourceError for anything but a trace.
 */
export async function askSource(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<SourceAnswer | null> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await askOnce(url, headers)
    } catch (error) {
      const isBusy = error instanceof SourceError && error.status === busyStatus
      if (!isBusy || attempt === busyAttemptsMax) throw error
      await delay(busyMillis * 2 ** (attempt - 1))
    }
  }
}

async function askOnce(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<SourceAnswer | null> {
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(fetchMillisMax) })
    if (response.status === 404) {
      await response.body?.cancel()
      return null
    }
    const bytes = await readBytes(url, response)
    const contentType = response.headers.get('content-type') ?? ''
    const isPage = contentType.includes('text/html')
    if (response.ok && !isPage) return { bytes, contentType }
    const said = isPage ? 'a page of HTML' : bytes.toString('utf8', 0, 200).trim()
    throw new SourceError(
      `${url}: expected a trace, got ${response.status} ${said}`.trimEnd(),
      isPage || (response.status < 500 && !passing.includes(response.status)),
      { status: response.status },
    )
  } catch (cause) {
    if (cause instanceof SourceError) throw cause
    throw new SourceError(`${url}: ${describeFetchError(cause, fetchMillisMax)}`, false, { cause })
  }
}

/** Reads up to the limit, whatever length the answer claims. */
async function readBytes(url: string, response: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > traceBytesMax) {
      throw new SourceError(`${url}: expected at most ${traceBytesMax} bytes, got more`, true)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
