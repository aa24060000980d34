import type { CollectorBounds } from '../bounds.ts'
import { type LoadedRun, loadRun } from './load-run.ts'
import { createRunFolder, type RunFolder, type StoredRun } from './run-folder.ts'
import { createRunWriter, type RunCounts, type RunWriter } from './run-writer.ts'
import type { SegmentRecord } from './segment.ts'

/** What the collector remembers of earlier starts, each start a run. */
export type Runs = {
  /** The run that is under way. */
  readonly current: RunWriter
  /** The newest first; the one under way is among them once something of it was written. */
  list(): Promise<readonly StoredRun[]>
  /**
   * A run of earlier, from memory if it was the last one asked for.
   *
   * @returns `undefined` for one that is not there.
   */
  load(id: string): Promise<LoadedRun | undefined>
  /** @returns Whether there is such a run. */
  pin(id: string, isPinned: boolean): Promise<boolean>
  /** @returns Whether there was such a run. The one under way is emptied and goes on. */
  remove(id: string): Promise<boolean>
  /** Keeps what a file held as a run of its own. */
  import(name: string, items: readonly ImportedItem[]): Promise<StoredRun>
  close(): Promise<void>
}

/** A part of an imported file, as if a sender had sent it as one request. */
export type ImportedItem = {
  readonly record: SegmentRecord
  readonly counts: RunCounts
}

type RunsOptions = {
  readonly folder: string
  /** Runs that are kept beside the pinned ones, the one under way among them. */
  readonly keepMax: number
  /** Whether all that is not pinned is removed at the start. */
  readonly isFresh: boolean
  readonly bounds: CollectorBounds
  readonly nowMillis: () => number
  readonly log: (line: string) => void
}

/** Begins a new run. If `isFresh`, it first removes the older runs that are not pinned. */
export async function createRuns(options: RunsOptions): Promise<Runs> {
  const { bounds, nowMillis, log } = options
  const folder = createRunFolder(options.folder)
  await tidyFolder(folder, options.isFresh)
  const current = writeRun()
  let loaded: { readonly id: string; readonly run: Promise<LoadedRun> } | undefined

  function writeRun(importedFrom?: string): RunWriter {
    const facts = folder.name(nowMillis(), importedFrom)
    return createRunWriter({
      folder,
      facts,
      runBytesMax: bounds.runBytesMax,
      segmentBytesMax: bounds.segmentBytesMax,
      // A file is whole in memory already.
      unwrittenBytesMax: importedFrom === undefined ? bounds.unwrittenBytesMax : bounds.runBytesMax,
      makeRoom: () =>
        makeRoom(folder, options.keepMax, bounds.keptBytesMax, [facts.id, current.facts.id]),
      nowMillis,
      log,
    })
  }

  async function find(id: string): Promise<StoredRun | undefined> {
    return (await folder.list()).find((run) => run.id === id)
  }

  return {
    current,
    list: folder.list,
    async load(id) {
      const run = await find(id)
      if (run === undefined) return undefined
      if (loaded?.id !== id) {
        const read = async () => {
          const segments = await folder.listSegments(id)
          const whole = await loadRun(segments, bounds, run.writtenMillis)
          for (const damage of whole.damages) log(`run ${id}: ${damage}`)
          return whole
        }
        loaded = { id, run: read() }
      }
      return loaded.run
    },
    async pin(id, isPinned) {
      if (id === current.facts.id) {
        await current.pin(isPinned)
        return true
      }
      const run = await find(id)
      if (run === undefined) return false
      const { bytes: _, ...facts } = run
      await folder.writeFacts({ ...facts, isPinned })
      return true
    },
    async remove(id) {
      if (id === current.facts.id) {
        await current.setAside().remove()
        return true
      }
      if ((await find(id)) === undefined) return false
      if (loaded?.id === id) loaded = undefined
      await folder.remove(id)
      return true
    },
    async import(name, items) {
      const writer = writeRun(name)
      for (const { record, counts } of items) writer.add(record, counts)
      await writer.close()
      const run = await find(writer.facts.id)
      if (run === undefined || run.spans + run.logRecords === 0)
        throw new Error(`${name} could not be written to ${options.folder}`)
      return run
    },
    close: () => current.close(),
  }
}

async function tidyFolder(folder: RunFolder, isFresh: boolean): Promise<void> {
  // Cleared just before the collector was killed.
  await folder.removeAside()
  if (!isFresh) return
  for (const run of await folder.list()) if (!run.isPinned) await folder.remove(run.id)
}

/**
 * Removes the oldest until the rest is few and small enough.
 *
 * @param written Ids of runs that are being written, which stay.
 */
async function makeRoom(
  folder: RunFolder,
  keepMax: number,
  keptBytesMax: number,
  written: readonly string[],
): Promise<void> {
  const runs = await folder.list()
  const removable = runs.filter(({ id, isPinned }) => !isPinned && !written.includes(id))
  let bytes = runs.reduce((sum, run) => sum + run.bytes, 0)
  for (const [index, run] of [...removable.entries()].reverse()) {
    if (index < keepMax - 1 && bytes <= keptBytesMax) return
    await folder.remove(run.id)
    bytes -= run.bytes
  }
}
