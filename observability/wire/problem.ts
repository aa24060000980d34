import * as v from 'valibot'

/** How every refusal is answered: a problem document (RFC 9457). */
export const problemSchema = v.pipe(
  v.strictObject({
    type: v.literal('about:blank'),
    /** The name of the status, such as `Not Found`. */
    title: v.string(),
    status: v.number(),
    /** What came, what was expected, what to do. */
    detail: v.string(),
  }),
  v.readonly(),
)
/** The body of every answer that is not a success. */
export type ProblemDocument = v.InferOutput<typeof problemSchema>
