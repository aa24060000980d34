/** A problem document (RFC 9457) with its explanation. */
export function isProblem(value: unknown): value is { readonly detail: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'detail' in value &&
    typeof value.detail === 'string'
  )
}
