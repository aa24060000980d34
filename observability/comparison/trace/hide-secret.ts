import type { AnyValue } from '../../otlp/model.ts'

/** Headers that let whoever reads a report act for somebody else. */
const secretHeader =
  /^http\.(?:request|response)\.header\.(?:authorization|proxy-authorization|cookie|set-cookie)$/

/** The value of an attribute as a report may have it: a report is passed around. */
export function hideSecret(key: string, value: AnyValue): AnyValue {
  return secretHeader.test(key) ? 'REDACTED' : value
}
