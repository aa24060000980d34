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
