import { setTimeout as delay } from 'node:timers/promises'
import { describeError } from '../../observability/plumbing/describe-error.ts'
import { type Child, type ChildOptions, startChild } from './child.ts'
import { StartError } from './start-error.ts'

const lastLinesMax = 10

/**
 * Starts a process and resolves when the URL answers 200.
 *
 * @throws StartError when it ends or does not get ready in time. By our own convention a process that ends with exit
 *   code 2 has said why in its last line; of any other, the last lines are shown.
 */
export async function startReadyChild(
  name: string,
  options: ChildOptions,
  readyUrl: string,
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
    await waitUntilReady(readyUrl, child, signal)
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

/** Asks until the answer is 200. A child that has ended will never give it. */
async function waitUntilReady(url: string, child: Child, signal?: AbortSignal): Promise<void> {
  let last = 'no answer'
  for (const deadline = Date.now() + readyMillisMax; Date.now() < deadline; ) {
    signal?.throwIfAborted()
    if (child.hasEnded()) throw new Error(`ended (${await child.ended}) before it was ready`)
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(2000) })
      await response.arrayBuffer()
      // Somebody else may answer on a port that the child could not have; it says so by ending.
      if (response.ok && (await staysAlive(child))) return
      last = `${response.status}`
    } catch (error) {
      last = describeError(error)
    }
    await delay(25)
  }
  throw new Error(`was not ready after ${readyMillisMax / 1000} s: ${url} gave ${last}`)
}
