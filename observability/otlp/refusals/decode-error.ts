/**
 * The bytes or text were not the message they claimed to be: the sender's fault, a 400.
 *
 * The message says where, what was expected and what came, such as
 * `resourceSpans[0].scopeSpans[0].spans[3].traceId: expected 32 hex digits, got "abc"`.
 * What came is cut to `quotedCharsMax`, so a message may be logged and sent back.
 * It is a class so that a receiver can tell it from a bug of ours.
 */
export class DecodeError extends Error {
  override readonly name = 'DecodeError'
  /** Empty when the whole message is at fault. */
  readonly path: string
  readonly reason: string

  constructor(path: string, reason: string) {
    super(path === '' ? reason : `${path}: ${reason}`)
    this.path = path
    this.reason = reason
  }
}

/**
 * The same error, one step further out.
 *
 * The path is put together while the error travels up, so a message without
 * faults, which is nearly every message, never pays for it.
 */
export function nestError(error: unknown, step: string): unknown {
  if (!(error instanceof DecodeError)) return error
  return new DecodeError(error.path === '' ? step : `${step}.${error.path}`, error.reason)
}

/** Longest part of a refused value that an error message repeats. */
export const quotedCharsMax = 40

/** What came, short enough for a message: a cut string in quotes, a number, or the kind of thing. */
export function quoteValue(value: unknown): string {
  if (typeof value === 'string') {
    return JSON.stringify(
      value.length > quotedCharsMax ? `${value.slice(0, quotedCharsMax)}…` : value,
    )
  }
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object' && value !== null) return 'an object'
  return String(value)
}
