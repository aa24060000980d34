import { setTimeout as delay } from 'node:timers/promises'
import { type Child, startChild } from './child.ts'
import type { LaunchSettings, Runtime } from './runtimes.ts'
import { describeError, StartError } from './start-error.ts'

/** A service that answers. */
export type Launched = Child & {
  readonly runtime: Runtime
  readonly url: string
}

/**
 * Starts the service on one runtime and resolves when it says that it is ready, its database included.
 *
 * @throws StartError when it ends or does not get ready in time, with the last it said.
 */
export async function launchRuntime(
  runtime: Runtime,
  settings: LaunchSettings,
  onLine: (line: string) => void,
): Promise<Launched> {
  const command = await runtime.createCommand(settings)
  const lastLines: string[] = []
  const child = await startChild({
    ...command,
    onLine(line) {
      lastLines.push(line)
      if (lastLines.length > 10) lastLines.shift()
      onLine(line)
    },
  })
  const url = `http://127.0.0.1:${settings.port}`
  try {
    await waitUntilReady(`${url}/ready`, child)
  } catch (error) {
    await child.stop()
    throw new StartError([`${runtime.name} ${describeError(error)}`, ...lastLines].join('\n  '))
  }
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

const readyMillisMax = 30_000

/** Asks until the answer is 200. A child that has ended will never give it. */
export async function waitUntilReady(url: string, child: Child): Promise<void> {
  let last = 'no answer'
  for (const deadline = Date.now() + readyMillisMax; Date.now() < deadline; ) {
    if (child.hasEnded()) throw new Error(`ended (${await child.ended}) before it was ready`)
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(2000) })
      await response.arrayBuffer()
      if (response.ok) return
      last = `${response.status}`
    } catch (error) {
      last = describeError(error)
    }
    await delay(25)
  }
  throw new Error(`was not ready after ${readyMillisMax / 1000} s: ${url} gave ${last}`)
}
