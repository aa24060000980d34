import { type Span, SpanStatusCode } from '@opentelemetry/api'
import { ATTR_ERROR_TYPE } from '@opentelemetry/semantic-conventions'
import { describeException } from './exception-attributes.ts'

/**
 * Marks a span as failed, with what was thrown as an event, if anything was.
 *
 * @param type For `error.type`: one of few values.
 * @param timeMillis Since the Unix epoch.
 */
export function failSpan(
  span: Span,
  type: string,
  thrown: { readonly error: unknown } | undefined,
  timeMillis: number,
): void {
  span.setStatus({ code: SpanStatusCode.ERROR })
  span.setAttribute(ATTR_ERROR_TYPE, type)
  if (thrown !== undefined) span.addEvent('exception', describeException(thrown.error), timeMillis)
}

/** The class of an error as `error.type` has it; its message would be one of too many values. */
export function readErrorType(error: unknown): string {
  return error instanceof Error && typeof error.name === 'string' ? error.name : '_OTHER'
}
