import { describeError } from '../../observability/plumbing/describe-error.ts'
import { escapeLines } from '../../observability/plumbing/escape-controls.ts'
import { renderAuthority } from '../../observability/plumbing/reachable-url.ts'
import type { LogEntry } from '../../observability/telemetry/logs/logs.ts'
import {
  type Environment,
  EnvironmentError,
  findAllowedHosts,
  parseEnvironment,
} from './environment.ts'

// How a program that listens reads its variables, says why it cannot start, and stops at a signal.

/**
 * Reads the variables of this process; one that cannot be used ends it with a sentence and exit code 2.
 *
 * What listens on this machine alone answers only to local names, unless `ALLOWED_HOSTS` says otherwise.
 */
export function readEnvironment(defaults: {
  readonly port: number
}): Environment & { readonly allowedHosts: readonly string[] } {
  try {
    const environment = parseEnvironment(process.env, defaults)
    const { host, allowedHosts } = environment
    // By the address that it listens on, a container's health check asks.
    const names =
      allowedHosts === undefined ? findAllowedHosts(host, process.env) : [...allowedHosts, host]
    return { ...environment, allowedHosts: names.includes('*') ? ['*'] : names }
  } catch (error) {
    if (error instanceof EnvironmentError) return exitWith(error.message)
    throw error
  }
}

/** Ends this process because it cannot start: one sentence on standard error, exit code 2, no stack. */
export function exitWith(sentence: string): never {
  process.stderr.write(`${escapeLines(sentence)}\n`)
  process.exit(2)
}

/** What to say when a port cannot be had. */
export function describeListenError(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE')
    return `port ${port} on ${host} is in use; stop what uses it, or set PORT to another`
  if (code === 'EACCES')
    return `port ${port} on ${host} may not be opened by this user; set PORT to one above 1023`
  const message = describeError(error)
  if (
    /ENOTFOUND|EAI_|EADDRNOTAVAIL|EINVAL/.test(String(code)) ||
    /lookup|invalid host/.test(message)
  )
    return `HOST: expected an address of this machine to listen on, such as 127.0.0.1 or 0.0.0.0, got ${JSON.stringify(host.slice(0, 80))}; unset it for 127.0.0.1`
  return `cannot listen on ${host}:${port}: ${message}`
}

/** The entry that a service logs when it listens. */
export function describeStart(host: string, port: number): LogEntry {
  return {
    severity: 'info',
    event: 'service.started',
    message: `listening on http://${renderAuthority(host, port)}`,
  }
}

/** How long requests under way may take to finish once a stop was asked for, in milliseconds. */
export const drainMillisMax = 3000

/** How long of it they may wait for the database, in milliseconds: cut short then, they get their 503 in time. */
export const hurryMillis = 1500

/** How long a server goes on listening, in milliseconds: what has connected by then and was not taken yet is reset. */
const takeMillis = 100

/** Has a server refuse what is new, and waits until requests under way have finished, for `drainMillisMax` at most. */
export async function drainServer(close: () => Promise<void>): Promise<void> {
  await delay(takeMillis)
  await Promise.race([close(), delay(drainMillisMax)])
}

function delay(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis))
}

/**
 * Stops at the first SIGTERM or SIGINT, and at the latest when `stop` has settled. A second signal ends the process
 * at once, for somebody who will not wait.
 */
export function stopOnSignals(stop: () => Promise<void>): void {
  let stopping = false
  function onSignal(): void {
    if (stopping) process.exit(1)
    stopping = true
    stop().then(
      () => process.exit(0),
      (error) => {
        process.stderr.write(`could not stop cleanly: ${describeError(error)}\n`)
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
}
