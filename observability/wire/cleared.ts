import * as v from 'valibot'

/** `DELETE /api/traces` */
export const clearedSchema = v.pipe(
  v.strictObject({
    /** `POST` to this path brings back what was cleared. */
    undo: v.string(),
    /** For so long. */
    undoMillis: v.number(),
  }),
  v.readonly(),
)
/** The answer of `DELETE /api/traces`. */
export type Cleared = v.InferOutput<typeof clearedSchema>
