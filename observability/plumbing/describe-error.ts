import { escapeLines } from './escape-controls.ts'

/** What went wrong, in words, fit for a terminal; for the end of a sentence. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return escapeLines(String(error))
  // Of bad arguments, Node's message goes on with advice on quoting, which does not fit here.
  const isOfArguments = 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  const [first = ''] = isOfArguments ? error.message.split('. ') : [error.message]
  return escapeLines(first)
}
