import { once } from 'node:events'
import type { Server as HttpServer, IncomingMessage } from 'node:http'
import type { Server, Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { drainMillisMax } from './process.ts'

/**
 * Prepares the end of a server that is about to listen.
 *
 * @param answerMillisMax How long a request that has come to its end may take to be answered. Defaults to
 *   `drainMillisMax`, which is what all others have.
 * @returns Has it take no new requests, and lets those under way finish.
 */
export function prepareClose(
  server: HttpServer,
  answerMillisMax = drainMillisMax,
): () => Promise<void> {
  const sockets = new Set<Socket>()
  const requests = new WeakMap<Socket, IncomingMessage>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('request', (request) => requests.set(request.socket, request))
  function cutOff(isOver: (socket: Socket) => boolean): void {
    for (const socket of sockets) if (isOver(socket)) socket.destroy()
  }

  return async () => {
    await takeWaiting(server)
    const closed = once(server, 'close')
    server.close()
    const bounds = [
      setTimeout(cutOff, drainMillisMax, (socket) => requests.get(socket)?.complete !== true),
      setTimeout(cutOff, answerMillisMax, () => true),
    ]
    let silent: readonly Socket[] = []
    const sweep = setInterval(() => {
      // A kept-alive connection is idle again only after its answer; one without a request never counts as idle.
      server.closeIdleConnections()
      // A connection accepted just now may hold an unread request.
      for (const socket of silent) if (socket.bytesRead === 0) socket.destroy()
      silent = [...sockets].filter(({ bytesRead }) => bytesRead === 0)
    }, 50)
    await closed
    for (const bound of bounds) clearTimeout(bound)
    clearInterval(sweep)
  }
}

/** How long connections may go on coming, in milliseconds. */
const takeMillisMax = 1000

/**
 * Waits until a server has taken all connections that clients take for made: those that still wait when it stops
 * listening are reset. Node takes one in a turn of its loop.
 */
export async function takeWaiting(server: Server): Promise<void> {
  let taken = 0
  const count = () => {
    taken += 1
  }
  server.on('connection', count)
  const deadline = performance.now() + takeMillisMax
  for (let before = -1; before < taken && performance.now() < deadline; ) {
    before = taken
    await turn()
    await turn()
  }
  server.off('connection', count)
}
