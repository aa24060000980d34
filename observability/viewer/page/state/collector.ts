import { computed, type Signal, signal } from '@preact/signals'
import type { TryTargets } from '../../../wire/try.ts'
import { type CollectorStatus, readCollectorStatus, readNames } from './asking/answers.ts'
import { ask, fromJson } from './asking/ask.ts'
import { poll } from './asking/poll.ts'
import { shownRun } from './shown-run.ts'
import { laneNames, runtimeNames, serviceNames } from './source-names.ts'
import { readTryTargets } from './try-requests.ts'

/** `undefined` until it has answered once. */
export const collectorStatus = signal<CollectorStatus | undefined>(undefined)
/** What the page is called, as the collector says it. */
export const pageTitle = computed(() => collectorStatus.value?.title ?? '')
/** The services that the collector may send requests to; `undefined` until it has answered. */
export const tryTargets = signal<TryTargets | undefined>(undefined)
/** Increases when the store was lost: the collector was restarted, or emptied. */
export const losses = signal(0)
/** When the collector was found to be another run of itself, in milliseconds; `undefined` if never. */
export const restartedMillis = signal<number | undefined>(undefined)

const statusMillis = 2_000

/** Keeps the above true, and the names of sources, for as long as the page is open. */
export function watchCollector(): () => void {
  let named = ''
  return poll(async (stop) => {
    const status = await ask('/api/status', fromJson(readCollectorStatus), stop)
    if (status.kind === 'answer') {
      noteStatus(status.value)
      // Names are others only when something else is stored, or shown.
      const stored = JSON.stringify([shownRun.peek(), status.value])
      if (stored !== named && (await askNames(stop))) named = stored
    }
    if (tryTargets.peek() === undefined) {
      const targets = await ask('/api/try', fromJson(readTryTargets), stop)
      if (targets.kind === 'answer') tryTargets.value = targets.value
    }
  }, statusMillis)
}

/** @returns Whether the names are known now. */
async function askNames(stop: AbortSignal): Promise<boolean> {
  const [runtimes, services] = await Promise.all([
    ask('/api/runtimes', fromJson(readNames('runtimes')), stop),
    ask('/api/services', fromJson(readNames('services')), stop),
  ])
  if (runtimes.kind !== 'answer' || services.kind !== 'answer') return false
  note(serviceNames, services.value)
  note(laneNames, runtimes.value)
  // A service that names no runtime stands in the list of runtimes by its own name.
  const own = new Set(services.value)
  note(
    runtimeNames,
    runtimes.value.filter((name) => !own.has(name)),
  )
  return true
}

function noteStatus(status: CollectorStatus): void {
  const before = collectorStatus.peek()
  collectorStatus.value = status
  if (before === undefined) return
  if (before.startTime !== status.startTime) {
    restartedMillis.value = Date.now()
    tryTargets.value = undefined
    losses.value += 1
  } else if (status.emptied !== before.emptied) {
    losses.value += 1
  }
}

function note(names: Signal<readonly string[]>, found: readonly string[]): void {
  const known = names.peek()
  if (known.length === found.length && known.every((name, index) => name === found[index])) return
  names.value = found
}
