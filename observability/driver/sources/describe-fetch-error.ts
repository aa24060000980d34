/**
 * Why `fetch` failed, in words: its own message is only `fetch failed`, and what happened is in the
 * causes.
 */
export function describeFetchError(error: unknown, millisMax: number): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `no answer within ${millisMax / 1000} s`
  const { cause } = error
  // If several addresses all refused, Node gives an error without a message.
  const first: unknown = cause instanceof AggregateError ? cause.errors[0] : cause
  return first instanceof Error && first.message !== '' ? first.message : error.message
}
