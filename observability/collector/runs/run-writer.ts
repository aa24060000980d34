import { describeError } from '../../plumbing/describe-error.ts'
import type { RunFacts, RunFolder } from './run-folder.ts'
import { encodeRecord, type SegmentRecord } from './segment.ts'
import { createSegmentFiles } from './segment-files.ts'

/** Writes what arrives into one run. */
export type RunWriter = {
  readonly facts: RunFacts
  /** Takes a request, which is on disk half a second later. Never waits and never throws. */
  add(record: SegmentRecord, counts: RunCounts): void
  /** Forgets what was written so far. */
  clear(): Promise<void>
  pin(isPinned: boolean): Promise<void>
  /** Writes what waits. */
  close(): Promise<void>
}

/** Spans and log records of one request. */
export type RunCounts = { readonly spans: number; readonly logRecords: number }

type RunWriterOptions = {
  readonly folder: RunFolder
  readonly facts: RunFacts
  /** Of all segments of the run; past it the oldest goes. */
  readonly runBytesMax: number
  readonly segmentBytesMax: number
  /** Waiting to be written, where the disk is slower than the senders. Past it requests are not kept. */
  readonly unwrittenBytesMax: number
  /** Called before each new segment: removes runs for which there is no room. */
  readonly makeRoom: () => Promise<void>
  readonly nowMillis: () => number
  readonly log: (line: string) => void
}

const flushMillis = 500
/** After a failure, such as a full disk, nothing is written for so long. */
const retryMillis = 30_000

/**
 * Touches no disk before the first request. A failed write is logged once per outage and tried again after half a
 * minute.
 */
export function createRunWriter(options: RunWriterOptions): RunWriter {
  const { folder, nowMillis } = options
  let facts = options.facts
  let pending: Buffer[] = []
  let pendingBytes = 0
  let timer: NodeJS.Timeout | undefined
  let work: Promise<void> = Promise.resolve()
  const failures = createFailures(nowMillis, options.log)

  const files = createSegmentFiles({
    runBytesMax: options.runBytesMax,
    segmentBytesMax: options.segmentBytesMax,
    async prepare(number) {
      await folder.writeFacts(facts)
      await options.makeRoom()
      return folder.segmentPath(facts.id, number)
    },
  })

  /** One after the other, whatever became of the one before. */
  function enqueue(task: () => Promise<void>): Promise<void> {
    const done = work.then(task)
    work = done.catch(() => {})
    return done
  }

  async function write(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    if (pending.length === 0) return
    const buffers = pending
    pending = []
    pendingBytes = 0
    try {
      await files.append(buffers)
      facts = { ...facts, writtenMillis: nowMillis() }
      await folder.writeFacts(facts)
    } catch (error) {
      failures.begin(error, buffers.length / 2)
      return
    }
    failures.end()
  }

  return {
    get facts() {
      return facts
    },
    add(record, { spans, logRecords }) {
      if (pendingBytes + record.body.length > options.unwrittenBytesMax || failures.isHeld()) {
        failures.lose(1)
        return
      }
      pending.push(...encodeRecord(record))
      pendingBytes += record.body.length
      facts = {
        ...facts,
        spans: facts.spans + spans,
        logRecords: facts.logRecords + logRecords,
      }
      timer ??= setTimeout(() => void enqueue(write), flushMillis)
    },
    clear() {
      pending = []
      pendingBytes = 0
      facts = { ...facts, spans: 0, logRecords: 0 }
      return enqueue(async () => {
        await files.removeAll()
        await folder.remove(facts.id)
      })
    },
    pin(isPinned) {
      facts = { ...facts, isPinned }
      return enqueue(() => folder.writeFacts(facts))
    },
    async close() {
      await enqueue(write)
      await enqueue(() => files.close())
    },
  }
}

/** Says once that writing fails, and once that it works again. */
function createFailures(nowMillis: () => number, log: (line: string) => void) {
  let heldUntil = 0
  let lostRequests = 0
  let hasFailed = false
  return {
    isHeld: () => nowMillis() < heldUntil,
    lose(requests: number) {
      lostRequests += requests
    },
    begin(error: unknown, requests: number) {
      lostRequests += requests
      heldUntil = nowMillis() + retryMillis
      if (!hasFailed)
        log(`telemetry is in memory alone, the disk takes none of it: ${describeError(error)}`)
      hasFailed = true
    },
    end() {
      if (lostRequests > 0)
        log(`telemetry is kept on disk again; ${lostRequests} requests were not`)
      hasFailed = false
      lostRequests = 0
    },
  }
}
