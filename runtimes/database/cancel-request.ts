import type { ClientConfig } from 'pg'
import { QuietClient } from './quiet-client.ts'

/** What a server tells each connection, so that another one may cancel what it does. */
export type BackendKey = { readonly processID: number; readonly secretKey: number }

/** How long a server may take to cancel a statement, and to say so. */
export const cancelMillisMax = 1000

/**
 * Asks the server to cancel the statement that a connection waits for, by a connection of its own: the same address, the
 * same TLS, no log-in, and no place among `max_connections`. The server closes it without an answer.
 *
 * pg's own `Client.cancel` sends the key in clear where a connection has TLS.
 *
 * @see https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
 */
export function requestCancel(config: ClientConfig, key: BackendKey): void {
  const client = new QuietClient({ ...config, connectionTimeoutMillis: cancelMillisMax })
  const { connection } = client
  // Where pg would log in, once connected and encrypted as the configuration says.
  Object.assign(connection, {
    startup: () => connection.stream.write(renderCancelRequest(key)),
  })
  client.connect().catch(() => {})
}

const cancelRequestCode = 80_877_102

function renderCancelRequest({ processID, secretKey }: BackendKey): Uint8Array {
  const message = new DataView(new ArrayBuffer(16))
  for (const [index, value] of [16, cancelRequestCode, processID, secretKey].entries())
    message.setInt32(index * 4, value)
  return new Uint8Array(message.buffer)
}
