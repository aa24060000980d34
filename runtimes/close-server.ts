import { once } from 'node:events'
import type { Server } from 'node:http'
import { drainMillisMax } from './process.ts'

/** Has a server take no new requests and lets those under way finish, for `drainMillisMax` at most. */
export async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  const cutOff = setTimeout(() => server.closeAllConnections(), drainMillisMax)
  // A kept-alive connection is idle again only after its answer.
  const sweep = setInterval(() => server.closeIdleConnections(), 50)
  await closed
  clearTimeout(cutOff)
  clearInterval(sweep)
}
