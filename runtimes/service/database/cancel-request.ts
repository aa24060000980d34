import type { ClientConfig } from 'pg'
import { QuietClient } from './quiet-client.ts'

/** The key that a server gives each connection. Another connection needs it to cancel a statement of this one. */
export type BackendKey = { readonly processID: number; readonly secretKey: number }

/** How long a server may take to cancel a statement, and to say so. */
export const cancelMillisMax = 1000

/**
 * Asks the server to cancel the statement of a connection. Uses a separate connection to the same address with the same
 * TLS; it needs no log-in and does not count towards `max_connections`. The server closes it without an answer.
 *
 * pg's own `Client.cancel` sends the key unencrypted even if the connection has TLS.
 *
 * @see https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
 */
export function requestCancel(config: ClientConfig, key: BackendKey): void {
  const client = new QuietClient({ ...config, connectionTimeoutMillis: cancelMillisMax })
  const { connection } = client
  // At the point where pg would log in: connected, and encrypted as configured.
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
