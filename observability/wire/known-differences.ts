import * as v from 'valibot'
import { described } from '../plumbing/described.ts'

/** A difference between runtimes that a person has looked at and accepted, with the reason. */
export const declaredDifferenceSchema = v.pipe(
  v.strictObject({
    runtime: described(
      v.string(),
      'Exactly one runtime: a difference of two runtimes is declared twice, so that each can go stale.',
    ),
    reason: v.string(),
    matches: described(
      v.pipe(
        v.strictObject({
          kind: described(
            v.string(),
            'Pattern of kinds, such as `span.extra` or `resource.attribute.*`.',
          ),
          operation: v.exactOptional(v.string()),
          path: v.exactOptional(
            described(v.string(), 'Pattern of paths as printed, such as `* > CONNECT`.'),
          ),
          subject: v.exactOptional(v.string()),
        }),
        v.readonly(),
      ),
      'Patterns of what differs, where `*` stands for anything; an absent one fits all.',
    ),
    mayBeAbsent: v.exactOptional(
      described(
        v.boolean(),
        'Not stale if it does not occur, because it is unknown here whether it must.',
      ),
    ),
  }),
  v.readonly(),
)
/** A difference of one runtime that is expected, with its reason. */
export type DeclaredDifference = v.InferOutput<typeof declaredDifferenceSchema>

/** `GET /api/known-differences`: given at the start; the collector itself does not use it. */
export const declaredDifferencesSchema = v.pipe(
  v.strictObject({
    reference: described(
      v.nullable(v.string()),
      'The runtime that the others are compared with; `null` if there is no such runtime.',
    ),
    known: v.pipe(v.array(declaredDifferenceSchema), v.readonly()),
  }),
  v.readonly(),
)
/** All declared differences, and the runtime that they are measured against. */
export type DeclaredDifferences = v.InferOutput<typeof declaredDifferencesSchema>
