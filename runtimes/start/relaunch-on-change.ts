import { resolve } from 'node:path'
import { describeError } from '../../observability/plumbing/describe-error.ts'
import { watchApp } from '../application/bundle-app.ts'
import { type AppChoice, readServed } from '../application/read-served.ts'
import type { AppBundle } from '../application/served.ts'
import type { Runtime } from '../runtime.ts'
import type { Stack } from './stack.ts'

type WatchedApp = {
  readonly app: AppChoice
  readonly bundle: AppBundle
  readonly runtimes: readonly Runtime[]
  readonly stack: Stack
  readonly say: (sentence: string) => void
}

/**
 * Launches the runtimes anew whenever the app changes. One that cannot run is told of, and the next change tried.
 *
 * @returns Ends it.
 */
export function relaunchOnChange(watched: WatchedApp): Promise<() => Promise<void>> {
  const { app, bundle, runtimes, stack, say } = watched
  let relaunching = Promise.resolve()
  async function relaunch(): Promise<void> {
    const since = performance.now()
    await stack.relaunch(await readServed(app, runtimes))
    say(`launched anew after ${((performance.now() - since) / 1000).toFixed(1)} s`)
  }
  return watchApp(resolve(app.app ?? ''), bundle.folder, runtimes, {
    onChange() {
      say('the app has changed')
      relaunching = relaunching.then(relaunch).catch((error) => say(describeError(error)))
    },
    onFailure: say,
  })
}
