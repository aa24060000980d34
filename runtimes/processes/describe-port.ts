import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * Why a port of 127.0.0.1 cannot be had, if so.
 *
 * @param option The option by which the user chooses another port.
 * @returns A sentence that names the port, the part that needs it and the option.
 */
export async function describePort(
  port: number,
  part: string,
  option: string,
): Promise<string | undefined> {
  try {
    const server = createServer().listen(port, '127.0.0.1')
    await once(server, 'listening')
    server.close()
    await once(server, 'close')
    return undefined
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    return code === 'EADDRINUSE'
      ? `port ${port} is in use, and ${part} needs it; stop what uses it, or choose another with ${option}`
      : `port ${port}, which ${part} needs, cannot be opened (${code}); choose another with ${option}`
  }
}
