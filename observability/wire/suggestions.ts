import * as v from 'valibot'

/**
 * `GET /api/suggestions`: what a condition of `where` may begin with, or be compared with, by what is stored. Looked for
 * in the latest spans, or log records, alone.
 */
export const suggestionsSchema = v.pipe(
  v.strictObject({
    /** Names of fields and attributes, or the values of one; the most frequent first. */
    suggestions: v.pipe(v.array(v.string()), v.readonly()),
  }),
  v.readonly(),
)
export type Suggestions = v.InferOutput<typeof suggestionsSchema>
