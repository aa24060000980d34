import { createServer, type Socket } from 'node:net'

/** Takes connections and all that is sent on them, and never answers. */
export type BlackHole = AsyncDisposable & {
  /** Bytes so far. */
  readBytes(): number
}

/** Listens on that port of 127.0.0.1. Disposed of, it cuts what is connected. */
export async function startBlackHole(port: number): Promise<BlackHole> {
  const sockets = new Set<Socket>()
  let bytes = 0
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('data', (chunk) => {
      bytes += chunk.length
    })
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    readBytes: () => bytes,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
