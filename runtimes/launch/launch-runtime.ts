import { setTimeout as delay } from 'node:timers/promises'
import type { Child } from '../processes/child.ts'
import type { Runtime } from '../runtime.ts'
import type { Launcher, LaunchSettings } from './launcher.ts'
import { launcherOf } from './launchers.ts'
import { startReadyChild } from './start-ready-child.ts'
import { readinessOf } from './try-ready.ts'

/** A service that answers. */
export type Launched = Child & {
  readonly runtime: Runtime
  readonly url: string
}

/**
 * Starts the service on one runtime and resolves when it is ready, as its application says it.
 *
 * @throws StartError when it ends or does not get ready in time, with the last it said.
 */
export async function launchRuntime(
  runtime: Runtime,
  settings: LaunchSettings,
  onLine: (line: string) => void,
  signal?: AbortSignal,
  launcher: Launcher = launcherOf(runtime),
): Promise<Launched> {
  const { loadedPath, ...command } = await launcher.createCommand(settings)
  const url = `http://127.0.0.1:${settings.port}`
  const ready = readinessOf(url, settings.readyPath ?? loadedPath)
  const child = await startReadyChild(runtime.name, { ...command, onLine }, ready, signal)
  return {
    ...child,
    runtime,
    url,
    async stop() {
      if (!child.hasEnded()) await delay(runtime.graceMillis)
      await child.stop()
    },
  }
}
