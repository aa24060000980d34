import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_CLIENT_ADDRESS,
  ATTR_NETWORK_PEER_ADDRESS,
  ATTR_NETWORK_PEER_PORT,
  ATTR_NETWORK_PROTOCOL_VERSION,
} from '@opentelemetry/semantic-conventions'

/** What a platform tells of the connection that a request came by; what it does not tell is `undefined`. */
export type RequestConnection = {
  /** Of who asks. Absent: who is connected asks. */
  readonly clientAddress?: string | undefined
  /** Of who is connected, which may be a proxy. */
  readonly peerAddress?: string | undefined
  readonly peerPort?: number | undefined
  /** Such as `1.1`, or `HTTP/1.1`. */
  readonly protocol?: string | undefined
}

/** `client.address`, `network.peer.*` and `network.protocol.version` of a server span, as far as the platform tells. */
export function describeConnection(connection: RequestConnection): Attributes {
  const { peerPort, protocol } = connection
  const peerAddress = plainAddress(connection.peerAddress)
  const clientAddress = plainAddress(connection.clientAddress) ?? peerAddress
  const attributes: Attributes = {}
  if (clientAddress !== undefined) attributes[ATTR_CLIENT_ADDRESS] = clientAddress
  if (peerAddress !== undefined) {
    attributes[ATTR_NETWORK_PEER_ADDRESS] = peerAddress
    if (peerPort !== undefined) attributes[ATTR_NETWORK_PEER_PORT] = peerPort
  }
  const version = protocol?.replace(/^HTTP\//i, '').replace(/^([23])\.0$/, '$1')
  if (version) attributes[ATTR_NETWORK_PROTOCOL_VERSION] = version
  return attributes
}

/** A socket for both families calls an IPv4 address `::ffff:127.0.0.1`. */
function plainAddress(address: string | undefined): string | undefined {
  return address?.replace(/^::ffff:(?=\d+\.)/i, '') || undefined
}
