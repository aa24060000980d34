import { once } from 'node:events'
import { createServer } from 'node:net'

const given = new Set<number>()

/**
 * A port of 127.0.0.1 that nobody uses at this moment, for what cannot say which one it got. A second call in the same
 * process never answers with the same port: the system may offer it again before anybody listens on it.
 */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string')
    throw new Error('expected a port, got a pipe')
  // A port that was given before is offered no second time while this one is still held.
  const port = given.has(address.port) ? await findFreePort() : address.port
  server.close()
  await once(server, 'close')
  given.add(port)
  return port
}
