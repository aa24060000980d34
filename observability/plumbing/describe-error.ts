import { escapeLines } from './escape-controls.ts'

/** What went wrong, in words, fit for a terminal; for the end of a sentence. */
export function describeError(error: unknown): string {
  return escapeLines(error instanceof Error ? error.message : String(error))
}
