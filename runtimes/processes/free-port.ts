import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { StartError } from './start-error.ts'

/** Finds a port on 127.0.0.1 that is free at this moment. */
export async function findFreePort(): Promise<number> {
  const server = await listen(0)
  const address = server.address()
  await close(server)
  if (address === null || typeof address === 'string')
    throw new Error('expected a port, got a pipe')
  return address.port
}

/**
 * @param option The option by which the user chooses another port.
 * @throws StartError if the port is in use; it names the port, the part that needs it and the option.
 */
export async function assertPortFree(port: number, part: string, option: string): Promise<void> {
  try {
    await close(await listen(port))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EADDRINUSE')
      throw new StartError(
        `port ${port} is in use, and ${part} needs it; stop what uses it, or choose another with ${option}`,
      )
    throw new StartError(
      `port ${port}, which ${part} needs, cannot be opened (${code}); choose another with ${option}`,
    )
  }
}

async function listen(port: number): Promise<Server> {
  const server = createServer()
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}

async function close(server: Server): Promise<void> {
  server.close()
  await once(server, 'close')
}
