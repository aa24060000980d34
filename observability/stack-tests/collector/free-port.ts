import { type AddressInfo, createServer } from 'node:net'

/** A port of 127.0.0.1 that is free now, for what cannot say which one it got. */
export async function findFreePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A TCP server's address is an object once it listens; only pipes have a text.
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
