import { readFile } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { describeError } from '../../plumbing/describe-error.ts'
import type { CollectorBounds } from '../bounds.ts'
import { decodeRequest } from '../receive/decode-request.ts'
import { dropIncompleteSpans } from '../receive/drop-incomplete.ts'
import { type Arrivals, createArrivals } from '../store/arrivals.ts'
import { createLooseLogs, type LooseLogs } from '../store/loose-logs.ts'
import { createTraceStore, type TraceStore } from '../store/trace-store.ts'
import { readRecords, type SegmentRecord } from './segment.ts'

/** A run of earlier in memory, with the same bounds as the one that is under way. */
export type LoadedRun = {
  readonly traces: TraceStore
  readonly looseLogs: LooseLogs
  readonly arrivals: Arrivals
  /** What could not be read, a sentence each. */
  readonly damages: readonly string[]
}

/**
 * Reads a run back, segment by segment, in turns between which the collector goes on with other work.
 *
 * Never rejects: what is damaged is passed over and named in `damages`.
 *
 * @param nowMillis When the run ended, by which impossible durations are told.
 */
export async function loadRun(
  segments: readonly string[],
  bounds: CollectorBounds,
  nowMillis: number,
): Promise<LoadedRun> {
  const arrivals = createArrivals()
  const traces = createTraceStore(bounds, () => nowMillis, arrivals)
  const looseLogs = createLooseLogs(bounds, () => nowMillis, arrivals)
  const damages: string[] = []
  const note = (path: string, damage: string) => {
    if (damages.length < damagesMax) damages.push(`${path.split('/').at(-1)}: ${damage}`)
  }

  function add({ signal, encoding, isGzipped, body }: SegmentRecord): void {
    const whole = isGzipped ? gunzipSync(body, { maxOutputLength: bounds.bodyBytesMax }) : body
    const request = decodeRequest(signal, encoding, whole)
    if (request.signal === 'traces') traces.addSpans(dropIncompleteSpans(request.groups).groups)
    if (request.signal === 'logs') {
      traces.addLogRecords(request.groups)
      looseLogs.addLogRecords(request.groups)
    }
  }

  for (const path of segments) {
    const segment = await readFile(path).catch(() => undefined)
    if (segment === undefined) {
      note(path, 'cannot be read')
      continue
    }
    for (const record of readRecords(segment, (damage) => note(path, damage))) {
      try {
        add(record)
      } catch (error) {
        note(path, describeError(error))
      }
      await nextTurn()
    }
  }
  return { traces, looseLogs, arrivals, damages }
}

const damagesMax = 20
