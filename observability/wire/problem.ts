import * as v from 'valibot'
import { described } from '../plumbing/described.ts'

/** How every refusal is answered: a problem document (RFC 9457). */
export const problemSchema = v.pipe(
  v.strictObject({
    type: v.literal('about:blank'),
    title: described(v.string(), 'The name of the status, such as `Not Found`.'),
    status: v.number(),
    detail: described(v.string(), 'What came, what was expected, what to do.'),
  }),
  v.readonly(),
)
/** The body of every answer that is not a success. */
export type ProblemDocument = v.InferOutput<typeof problemSchema>
