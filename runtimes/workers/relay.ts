import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { pipeline } from 'node:stream'
import { takeWaiting } from '../service/prepare-close.ts'

/** Stands in front of a port of this machine, and passes on byte by byte what connections to it bring. */
export type Relay = {
  /** Resolves when it refuses new connections, having taken all that clients take for made. */
  refuse(): Promise<void>
  /** Resolves when the others have ended; ends them after that time. */
  end(millisMax: number): Promise<void>
}

/** @throws What `node:net` says when it cannot listen there. */
export async function startRelay(
  host: string,
  port: number,
  behind: { readonly port: number },
): Promise<Relay> {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    const onward = connect({ ...behind, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    // A side that breaks takes the other with it; whose fault it was is no concern of ours.
    pipeline(socket, onward, socket, () => {
      socket.destroy()
      onward.destroy()
    })
  })
  server.listen(port, host)
  await once(server, 'listening')
  const closed = once(server, 'close')
  return {
    async refuse() {
      await takeWaiting(server)
      server.close()
    },
    async end(millisMax) {
      const cutOff = setTimeout(() => {
        for (const socket of sockets) socket.destroy()
      }, millisMax)
      await closed
      clearTimeout(cutOff)
    },
  }
}
