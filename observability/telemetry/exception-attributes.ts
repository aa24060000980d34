import {
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_EXCEPTION_TYPE,
} from '@opentelemetry/semantic-conventions'

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
    return {
      [ATTR_EXCEPTION_TYPE]: String(error.name),
      [ATTR_EXCEPTION_MESSAGE]: cut(String(error.message), messageCharactersMax),
      ...(typeof stack === 'string' && {
        [ATTR_EXCEPTION_STACKTRACE]: cut(stack, stackCharactersMax),
      }),
    }
  } catch {
    return { [ATTR_EXCEPTION_TYPE]: typeof error }
  }
}

/** No half of a surrogate pair is left at the end: not every receiver takes one. */
function cut(text: string, max: number): string {
  return text.length <= max ? text : text.slice(0, max).replace(/[\uD800-\uDBFF]$/, '')
}
