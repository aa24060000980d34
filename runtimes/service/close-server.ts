import { once } from 'node:events'
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { drainMillisMax } from './process.ts'

/**
 * Prepares the end of a server that is about to listen.
 *
 * @returns Has it take no new requests, and lets those under way finish, for `drainMillisMax` at most.
 */
export function prepareClose(server: Server): () => Promise<void> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return async () => {
    const closed = once(server, 'close')
    server.close()
    const cutOff = setTimeout(() => server.closeAllConnections(), drainMillisMax)
    const sweep = setInterval(() => {
      // A kept-alive connection is idle again only after its answer; one without a request never counts as idle.
      server.closeIdleConnections()
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
    }, 50)
    await closed
    clearTimeout(cutOff)
    clearInterval(sweep)
  }
}
