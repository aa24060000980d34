import {
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_EXCEPTION_TYPE,
} from '@opentelemetry/semantic-conventions'
import { readDatabaseError } from '../database/database-error.ts'

/** `exception.*` of an error, for a span's event and a log record alike. */
export type ExceptionAttributes = Readonly<Record<string, string>>

const messageCharactersMax = 1024
const stackCharactersMax = 4096

/**
 * Describes whatever was thrown. Never throws itself, though a thrown object may: its properties may be anything.
 *
 * The SDK's own description takes a `code` for the type where there is one, and would call the same error `23505` on a
 * span that is a `DatabaseError` in the log.
 */
export function describeException(error: unknown): ExceptionAttributes {
  try {
    if (!(error instanceof Error))
      return {
        [ATTR_EXCEPTION_TYPE]: typeof error,
        ...(typeof error === 'string' && {
          [ATTR_EXCEPTION_MESSAGE]: cut(error, messageCharactersMax),
        }),
      }
    const { stack } = error
    const withoutValues = createRedaction(error)
    return {
      [ATTR_EXCEPTION_TYPE]: String(error.name),
      [ATTR_EXCEPTION_MESSAGE]: cut(withoutValues(String(error.message)), messageCharactersMax),
      ...(typeof stack === 'string' && {
        [ATTR_EXCEPTION_STACKTRACE]: cut(withoutValues(stack), stackCharactersMax),
      }),
    }
  } catch {
    return { [ATTR_EXCEPTION_TYPE]: typeof error }
  }
}

/** Of an error that was wrapped over and over, the innermost ones are not looked at. */
const causesMax = 8

/**
 * Puts what may be said of a database's error in place of its words, also where a service put them into its own: they
 * quote values. A stack begins with the message.
 */
function createRedaction(error: Error): (text: string) => string {
  const redactions: (readonly [words: string, description: string])[] = []
  let at: unknown = error
  for (let left = causesMax; left > 0 && at instanceof Error; left -= 1) {
    const sent = readDatabaseError(at)
    if (sent !== undefined && at.message !== '') redactions.push([at.message, sent.description])
    at = at.cause
  }
  return (text) =>
    redactions.reduce(
      (left, [words, description]) => left.replaceAll(words, () => description),
      text,
    )
}

/** No half of a surrogate pair is left at the end: not every receiver takes one. */
function cut(text: string, max: number): string {
  return text.length <= max ? text : text.slice(0, max).replace(/[\uD800-\uDBFF]$/, '')
}
