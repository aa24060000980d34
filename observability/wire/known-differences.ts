import * as v from 'valibot'

/** A difference between runtimes that a person has looked at and accepted, with the reason. */
export const declaredDifferenceSchema = v.pipe(
  v.strictObject({
    /** Exactly one runtime: a difference of two runtimes is declared twice, so that each can go stale. */
    runtime: v.string(),
    reason: v.string(),
    /** Patterns of what differs, where `*` stands for anything; an absent one fits all. */
    matches: v.pipe(
      v.strictObject({
        /** Pattern of kinds, such as `span.extra` or `resource.attribute.*`. */
        kind: v.string(),
        operation: v.exactOptional(v.string()),
        /** Pattern of paths as printed, such as `* > CONNECT`. */
        path: v.exactOptional(v.string()),
        subject: v.exactOptional(v.string()),
      }),
      v.readonly(),
    ),
    /** Not stale if it does not occur, because it is unknown here whether it must. */
    mayBeAbsent: v.exactOptional(v.boolean()),
  }),
  v.readonly(),
)
/** A difference of one runtime that is expected, with its reason. */
export type DeclaredDifference = v.InferOutput<typeof declaredDifferenceSchema>

/** `GET /api/known-differences`: given at the start; the collector itself does not use it. */
export const declaredDifferencesSchema = v.pipe(
  v.strictObject({
    /** The runtime that the others are compared with; `null` if there is no such runtime. */
    reference: v.nullable(v.string()),
    known: v.pipe(v.array(declaredDifferenceSchema), v.readonly()),
  }),
  v.readonly(),
)
/** All declared differences, and the runtime that they are measured against. */
export type DeclaredDifferences = v.InferOutput<typeof declaredDifferencesSchema>
