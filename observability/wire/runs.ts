import * as v from 'valibot'

const runSchema = v.pipe(
  v.strictObject({
    /** When it began, as `20261128T070500.123Z-1f3a`: sorted by name is sorted by time. */
    id: v.string(),
    /** RFC 3339. */
    startedAt: v.string(),
    /** RFC 3339: when it was last written to. */
    writtenAt: v.string(),
    spans: v.number(),
    logRecords: v.number(),
    /** Of all its segments on disk. */
    bytes: v.number(),
    /** Kept until it is unpinned or deleted. */
    isPinned: v.boolean(),
    isCurrent: v.boolean(),
    /** The name of the file that it was imported from. */
    importedFrom: v.optional(v.string()),
  }),
  v.readonly(),
)
/**
 * Telemetry that the collector keeps on disk: all that it received between a start and its end, or an imported file.
 */
export type Run = v.InferOutput<typeof runSchema>

/** `POST /api/runs`: what an imported file became. */
export const importedRunSchema = v.pipe(
  v.strictObject({ id: v.string(), spans: v.number(), logRecords: v.number() }),
  v.readonly(),
)
/** What an imported file became, and how much of it. */
export type ImportedRun = v.InferOutput<typeof importedRunSchema>

/** `GET /api/runs` */
export const runsSchema = v.pipe(
  v.strictObject({
    /** Whether anything is kept on disk. */
    isKept: v.boolean(),
    /** The newest first. */
    runs: v.pipe(v.array(runSchema), v.readonly()),
  }),
  v.readonly(),
)
/** The answer of `/api/runs`. */
export type Runs = v.InferOutput<typeof runsSchema>

/** `DELETE /api/traces`: the run under way is cleared. */
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
