import type { Server } from 'node:http'

/**
 * Listens, and gives the port: the one asked for, or a free one for 0.
 *
 * @throws Error in one sentence that names the port or the host and what to do.
 */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(describe(error, host, port)))
    server.listen(port, host, resolve)
  })
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}

/** The URL at which a program on this machine reaches a server that listens on `host`. */
export function renderUrl(host: string, port: number): string {
  if (host === '0.0.0.0') return `http://127.0.0.1:${port}`
  if (host === '::') return `http://[::1]:${port}`
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** Whether only programs on this machine reach a server that listens on `host`. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

function describe(cause: Error, host: string, port: number): Error {
  const code = 'code' in cause ? cause.code : undefined
  switch (code) {
    case 'EADDRINUSE':
      return new Error(
        `port ${port} on ${host} is in use: stop what listens there, or choose another with --port`,
        { cause },
      )
    case 'EACCES':
      return new Error(
        `port ${port} on ${host} is not allowed to this user: choose one above 1023`,
        {
          cause,
        },
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new Error(`host ${host} is not an address of this machine`, { cause })
    default:
      return new Error(`cannot listen on ${host} port ${port}: ${cause.message}`, { cause })
  }
}
