import type { Cleared } from '../../wire/runs.ts'
import type { LooseLogs } from '../store/loose-logs.ts'
import type { TraceStore } from '../store/trace-store.ts'
import type { Aside, RunWriter } from './run-writer.ts'

/** Forgets what the stores and the run on disk hold, and brings it back for some seconds. */
export type Clearing = {
  clear(): Cleared
  /** @returns Whether it was brought back: not after its time, nor after something else was cleared. */
  undo(id: string): boolean
  /** Gives up what could still be brought back. */
  close(): Promise<void>
}

/**
 * One clearing can be undone at a time. What it took stays in memory, and on disk, until then: as much as the stores may
 * hold, once more.
 */
export function createClearing(
  traces: TraceStore,
  looseLogs: LooseLogs,
  run: RunWriter | undefined,
  undoMillis: number,
): Clearing {
  let count = 0
  let last:
    | {
        readonly id: string
        readonly undo: readonly (() => void)[]
        readonly aside: Aside | undefined
        readonly timer: NodeJS.Timeout
      }
    | undefined

  async function giveUp(): Promise<void> {
    const given = last
    last = undefined
    clearTimeout(given?.timer)
    await given?.aside?.remove()
  }

  return {
    clear() {
      void giveUp()
      count += 1
      const id = String(count)
      last = {
        id,
        undo: [traces.clear(), looseLogs.clear()],
        aside: run?.setAside(),
        timer: setTimeout(() => void giveUp(), undoMillis),
      }
      return { undo: `/api/cleared/${id}`, undoMillis }
    },
    undo(id) {
      if (last?.id !== id) return false
      const { undo, aside, timer } = last
      last = undefined
      clearTimeout(timer)
      for (const bringBack of undo) bringBack()
      void aside?.bringBack().catch(() => {})
      return true
    },
    close: giveUp,
  }
}
