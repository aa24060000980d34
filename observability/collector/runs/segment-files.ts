import { type FileHandle, open, rm } from 'node:fs/promises'
import { segmentHead } from './segment.ts'

/** The segments of one run that is being written, one after the other. */
export type SegmentFiles = {
  /** @throws When not all could be written; what follows goes into a new segment. */
  append(buffers: readonly Buffer[]): Promise<void>
  /** Ends the segment that is written; the next `append` begins a new one. */
  end(): Promise<void>
  /** Lets go of all its segments, which are moved or removed by somebody else. */
  release(): readonly ClosedSegment[]
  /** Counts segments of earlier among its own again. */
  takeBack(segments: readonly ClosedSegment[]): void
}

type SegmentFilesOptions = {
  /** The path of the segment of that number, counted from 1. Called before each is begun; may make room for it. */
  readonly prepare: (number: number) => Promise<string>
  /** Of one segment; past it the next begins. */
  readonly segmentBytesMax: number
  /** Of all segments; past it the oldest goes. */
  readonly runBytesMax: number
}

/** A segment that is written no more. */
export type ClosedSegment = { readonly path: string; readonly bytes: number }

type Segment = { readonly path: string; readonly file: FileHandle; bytes: number }

/** Opens the first segment with the first `append`. */
export function createSegmentFiles(options: SegmentFilesOptions): SegmentFiles {
  const { segmentBytesMax, runBytesMax } = options
  let count = 0
  let segment: Segment | undefined
  let closed: ClosedSegment[] = []

  async function begin(): Promise<Segment> {
    count += 1
    const path = await options.prepare(count)
    const file = await open(path, 'wx', 0o600)
    await file.write(segmentHead)
    return { path, file, bytes: segmentHead.length }
  }

  async function end(): Promise<void> {
    if (segment === undefined) return
    const { path, file, bytes } = segment
    segment = undefined
    closed.push({ path, bytes })
    await file.close().catch(() => {})
  }

  async function removeOldest(): Promise<void> {
    let bytes = closed.reduce((sum, segment) => sum + segment.bytes, segment?.bytes ?? 0)
    while (bytes > runBytesMax) {
      const oldest = closed.shift()
      if (oldest === undefined) return
      bytes -= oldest.bytes
      await rm(oldest.path, { force: true })
    }
  }

  return {
    async append(buffers) {
      try {
        segment ??= await begin()
        const bytes = buffers.reduce((sum, { length }) => sum + length, 0)
        const { bytesWritten } = await segment.file.writev([...buffers])
        segment.bytes += bytesWritten
        if (bytesWritten < bytes) throw new Error(`only ${bytesWritten} of ${bytes} bytes fit`)
      } catch (error) {
        await end()
        throw error
      }
      if (segment.bytes >= segmentBytesMax) await end()
      await removeOldest()
    },
    end,
    release() {
      const released = closed
      closed = []
      return released
    },
    takeBack(segments) {
      closed = [...segments, ...closed]
    },
  }
}
