import * as v from 'valibot'

const functionError = v.object({
  errorType: v.optional(v.string(), 'Error'),
  errorMessage: v.optional(v.string(), ''),
})

/** Reduces an error report of a function's process to one short line; the report may hold anything. */
export function parseFunctionError(body: Uint8Array | undefined): string {
  try {
    const { errorType, errorMessage } = v.parse(
      functionError,
      JSON.parse(Buffer.from(body ?? []).toString()),
    )
    return `${errorType}: ${errorMessage}`
  } catch {
    return 'Error: not told in a way that can be read'
  }
}
