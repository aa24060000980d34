import { setTimeout as delay } from 'node:timers/promises'
import { describeError } from '../../observability/plumbing/describe-error.ts'
import { pollUntil } from '../../observability/plumbing/poll-until.ts'
import { type Child, type ChildOptions, startChild } from '../processes/child.ts'
import { StartError } from '../processes/start-error.ts'
import { type Readiness, tryReady } from './try-ready.ts'

const lastLinesMax = 10

/**
 * Starts a process and resolves when it is ready.
 *
 * @param ready The URL that answers 200 then, or the port of 127.0.0.1 that accepts.
 * @throws StartError when it ends or does not get ready in time. By our own convention a process that ends with exit
 *   code 2 has said why in its last line; of any other, the last lines are shown.
 */
export async function startReadyChild(
  name: string,
  options: ChildOptions,
  ready: Readiness,
  signal?: AbortSignal,
): Promise<Child> {
  signal?.throwIfAborted()
  const lastLines: string[] = []
  const child = await startChild({
    ...options,
    onLine(line) {
      lastLines.push(line)
      if (lastLines.length > lastLinesMax) lastLines.shift()
      options.onLine(line)
    },
  })
  try {
    await waitUntilReady(ready, child, signal)
    return child
  } catch (error) {
    const saidWhy = child.hasEnded() && (await child.ended) === 'exit code 2'
    await child.stop()
    if (saidWhy) throw new StartError(`${name}: ${lastLines.at(-1)?.replace(`${name}: `, '')}`)
    throw new StartError([`${name} ${describeError(error)}`, ...lastLines].join('\n  '))
  }
}

const readyMillisMax = 30_000

/** A child that could not have its port ends in this time. */
async function staysAlive(child: Child): Promise<boolean> {
  await delay(30)
  return !child.hasEnded()
}

/** Asks until it is. A child that has ended never will be. */
async function waitUntilReady(ready: Readiness, child: Child, signal?: AbortSignal): Promise<void> {
  let last = 'no answer'
  const isReady = async () => {
    signal?.throwIfAborted()
    if (child.hasEnded()) throw new Error(`ended (${await child.ended}) before it was ready`)
    try {
      last = await tryReady(ready)
      // Another program may answer on a port that the child could not get; the child then ends.
      return last === 'ready' && (await staysAlive(child))
    } catch (error) {
      last = describeError(error)
      return false
    }
  }
  if (await pollUntil(isReady, readyMillisMax)) return
  throw new Error(
    `was not ready after ${readyMillisMax / 1000} s: ${typeof ready === 'number' ? `port ${ready}` : ready} gave ${last}`,
  )
}
