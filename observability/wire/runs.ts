import * as v from 'valibot'
import { described } from '../plumbing/described.ts'

export const runSchema = v.pipe(
  v.strictObject({
    id: described(
      v.string(),
      'When it began, as `20261128T070500.123Z-1f3a`: sorted by name is sorted by time.',
    ),
    startedAt: described(v.string(), 'RFC 3339.'),
    writtenAt: described(v.string(), 'RFC 3339: when it was last written to.'),
    spans: v.number(),
    logRecords: v.number(),
    bytes: described(v.number(), 'Of all its segments on disk.'),
    isPinned: described(v.boolean(), 'Kept until it is unpinned or deleted.'),
    isCurrent: v.boolean(),
    importedFrom: v.optional(
      described(v.string(), 'The name of the file that it was imported from.'),
    ),
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
    isKept: described(v.boolean(), 'Whether anything is kept on disk.'),
    runs: described(v.pipe(v.array(runSchema), v.readonly()), 'The newest first.'),
  }),
  v.readonly(),
)
/** The answer of `/api/runs`. */
export type Runs = v.InferOutput<typeof runsSchema>

/** `DELETE /api/traces`: the run under way is cleared. */
export const clearedSchema = v.pipe(
  v.strictObject({
    undo: described(v.string(), '`POST` to this path brings back what was cleared.'),
    undoMillis: described(v.number(), 'For so long.'),
  }),
  v.readonly(),
)
/** The answer of `DELETE /api/traces`. */
export type Cleared = v.InferOutput<typeof clearedSchema>
