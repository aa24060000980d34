import { describeError } from '../../plumbing/describe-error.ts'
import type { RunFacts, RunFolder } from './run-folder.ts'
import { encodeRecord, type SegmentRecord } from './segment.ts'
import { type ClosedSegment, createSegmentFiles, type SegmentFiles } from './segment-files.ts'

/** Writes what arrives into one run. */
export type RunWriter = {
  readonly facts: RunFacts
  /** Takes a request, which is on disk half a second later. Never waits and never throws. */
  add(record: SegmentRecord, counts: RunCounts): void
  /** Takes away what was written so far. */
  setAside(): Aside
  pin(isPinned: boolean): Promise<void>
  /** Writes what waits. */
  close(): Promise<void>
}

/** What was written until it was cleared. */
export type Aside = {
  /** Puts it back, before what was written since. */
  bringBack(): Promise<void>
  remove(): Promise<void>
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
  let pending = nothingWaits()
  let timer: NodeJS.Timeout | undefined
  const enqueue = createQueue()
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

  async function write(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    if (pending.buffers.length === 0) return
    const { buffers } = pending
    pending = nothingWaits()
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
    add(record, counts) {
      if (pending.bytes + record.body.length > options.unwrittenBytesMax || failures.isHeld()) {
        failures.lose(1)
        return
      }
      pending.buffers.push(...encodeRecord(record))
      pending.bytes += record.body.length
      facts = addCounts(facts, counts)
      timer ??= setTimeout(() => void enqueue(write), flushMillis)
    },
    setAside() {
      const before = { pending, facts }
      pending = nothingWaits()
      facts = { ...facts, spans: 0, logRecords: 0 }
      const aside = moveAside(files, folder, facts.id, enqueue)
      return {
        remove: aside.remove,
        bringBack() {
          pending.buffers.unshift(...before.pending.buffers)
          pending.bytes += before.pending.bytes
          facts = addCounts(facts, before.facts)
          return aside.bringBack(async () => {
            if (facts.spans + facts.logRecords > 0) await folder.writeFacts(facts)
            await write()
          })
        },
      }
    },
    pin(isPinned) {
      facts = { ...facts, isPinned }
      return enqueue(() => folder.writeFacts(facts))
    },
    async close() {
      await enqueue(write)
      await enqueue(() => files.end())
    },
  }
}

function addCounts(facts: RunFacts, { spans, logRecords }: RunCounts): RunFacts {
  return { ...facts, spans: facts.spans + spans, logRecords: facts.logRecords + logRecords }
}

/** Requests that are not on disk yet. */
const nothingWaits = (): { buffers: Buffer[]; bytes: number } => ({ buffers: [], bytes: 0 })

/** Does one task after the other, whatever became of the one before. */
type Queue = (task: () => Promise<void>) => Promise<void>

function createQueue(): Queue {
  let work: Promise<void> = Promise.resolve()
  return (task) => {
    const done = work.then(task)
    work = done.catch(() => {})
    return done
  }
}

/** Moves the segments of a run out of the way, and back. */
function moveAside(files: SegmentFiles, folder: RunFolder, id: string, enqueue: Queue) {
  let segments: readonly ClosedSegment[] = []
  void enqueue(async () => {
    await files.end()
    segments = files.release()
    await folder.setAside(id)
  }).catch(() => {})
  return {
    bringBack: (writeAll: () => Promise<void>) =>
      enqueue(async () => {
        await folder.bringBack(id)
        files.takeBack(segments)
        await writeAll()
      }),
    remove: () => enqueue(() => folder.removeAside(id)),
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
