import * as v from 'valibot'
import { described } from '../plumbing/described.ts'

/** Number of stored items of one service, or of one runtime. */
export const sourceCountSchema = v.pipe(
  v.strictObject({
    name: v.string(),
    traceCount: v.number(),
    spanCount: v.number(),
    logCount: v.number(),
    lastSeen: described(
      v.string(),
      "When something of it last arrived, by the collector's clock, in RFC 3339.",
    ),
  }),
  v.readonly(),
)
/** How much of one service or runtime is stored. */
export type SourceCount = v.InferOutput<typeof sourceCountSchema>

const sourceCountsSchema = v.pipe(v.array(sourceCountSchema), v.readonly())

/** `GET /api/services`, sorted by name. */
export const servicesSchema = v.pipe(v.strictObject({ services: sourceCountsSchema }), v.readonly())

/** `GET /api/runtimes`, sorted by name. */
export const runtimesSchema = v.pipe(v.strictObject({ runtimes: sourceCountsSchema }), v.readonly())
