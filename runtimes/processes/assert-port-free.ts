import { once } from 'node:events'
import { createServer } from 'node:net'
import { StartError } from './start-error.ts'

/**
 * @param option What the person can say to have another port.
 * @throws StartError that names the port, who wanted it and what to do, when somebody has it already.
 */
export async function assertPortFree(port: number, part: string, option: string): Promise<void> {
  try {
    const server = createServer().listen(port, '127.0.0.1')
    await once(server, 'listening')
    server.close()
    await once(server, 'close')
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
