import { once } from 'node:events'
import { connect } from 'node:net'

/** The URL that answers 200 when something is ready, or the port of 127.0.0.1 that accepts then. */
export type Readiness = string | number

/** How a service on 127.0.0.1 is known to be ready: by the path that its application names, or else by its port. */
export function readinessOf(url: string, readyPath: string | undefined): Readiness {
  return readyPath === undefined ? Number(new URL(url).port) : `${url}${readyPath}`
}

/**
 * Asks once.
 *
 * @returns `ready`, or the status that was answered instead.
 * @throws When nothing answers within 2 s.
 */
export async function tryReady(ready: Readiness): Promise<string> {
  const signal = AbortSignal.timeout(2000)
  if (typeof ready === 'string') {
    const response = await fetch(ready, { signal })
    await response.arrayBuffer()
    return response.ok ? 'ready' : `${response.status}`
  }
  const socket = connect(ready, '127.0.0.1')
  try {
    await once(socket, 'connect', { signal })
    return 'ready'
  } finally {
    socket.destroy()
  }
}
