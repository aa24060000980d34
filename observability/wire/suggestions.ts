import * as v from 'valibot'
import { described } from '../plumbing/described.ts'

/**
 * `GET /api/suggestions`: what a condition of `where` may begin with, or be compared with, by what is stored. Looked for
 * in the latest spans, or log records, alone.
 */
export const suggestionsSchema = v.pipe(
  v.strictObject({
    suggestions: described(
      v.pipe(v.array(v.string()), v.readonly()),
      'Names of fields and attributes, or the values of one; the most frequent first.',
    ),
  }),
  v.readonly(),
)
export type Suggestions = v.InferOutput<typeof suggestionsSchema>
