import * as v from 'valibot'

const functionError = v.object({
  errorType: v.optional(v.string(), 'Error'),
  errorMessage: v.optional(v.string(), ''),
})

/** What a function's process says went wrong, in one line; it may say anything, or too much. */
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
