import type { ConfigNode } from './config-node.ts'
import {
  failAt,
  notImplemented,
  readInteger,
  readMap,
  readTexts,
  unexpected,
} from './read-config.ts'

/** The HTTP settings of the file's OTLP receiver. */
export type HttpReceiverConfig = {
  readonly endpoint: Endpoint
  /** Limit of a request's body, also after decompression. */
  readonly bodyBytesMax: number
  /** As written, `*` within one standing for anything; empty when CORS is off. */
  readonly corsAllowedOrigins: readonly string[]
}

type Endpoint = {
  /** A name or an address, IPv6 without brackets; empty for all interfaces. */
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
}

const portDefault = 4318
const bodyBytesDefault = 20 * 1024 * 1024
/** A body is held in memory, more than once while it is decoded. */
const bodyBytesMaxMax = 512 * 1024 * 1024

const implemented = ['endpoint', 'max_request_body_size', 'cors']
const notRead = [
  'auth',
  'compression_algorithms',
  'include_metadata',
  'keepalive',
  'logs_url_path',
  'metrics_url_path',
  'middlewares',
  'read_header_timeout',
  'read_timeout',
  'response_headers',
  'tls',
  'traces_url_path',
  'transport',
  'write_timeout',
]
const corsNotRead = ['exposed_headers', 'max_age']

/**
 * Reads `protocols.http` of an OTLP receiver. gRPC is left aside: the embedded collector does not
 * speak it.
 */
export function parseHttpReceiver(receiver: ConfigNode): HttpReceiverConfig {
  const protocolsNode = readMap(receiver, ['protocols']).get('protocols')
  if (protocolsNode === undefined) {
    throw failAt(receiver, 'expected protocols.http, got no protocols')
  }
  const protocols = readMap(protocolsNode, ['http', 'grpc'])
  if (protocols.entry('http') === undefined) {
    throw failAt(
      protocolsNode,
      'expected http, the one protocol that the embedded collector speaks',
    )
  }
  const http = protocols.get('http')
  const map = http && readMap(http, [...implemented, ...notRead])
  for (const name of notRead) {
    const setting = map?.get(name)
    if (setting !== undefined) throw notImplemented(setting)
  }
  return {
    endpoint: parseEndpoint(map?.get('endpoint')),
    bodyBytesMax: parseBodyBytes(map?.get('max_request_body_size')),
    corsAllowedOrigins: parseCors(map?.get('cors')),
  }
}

function parseEndpoint(node: ConfigNode | undefined): Endpoint {
  if (node === undefined) return { host: 'localhost', port: portDefault }
  const text = node.content.type === 'scalar' ? String(node.content.value) : ''
  const match = /^(?:\[([0-9a-fA-F:.%]+)\]|([^[\]:/\s]*)):(\d{1,5})$/.exec(text)
  const port = Number(match?.[3])
  if (match === null || port > 65_535) {
    throw unexpected(node, 'host:port, such as 127.0.0.1:4318 or [::1]:4318')
  }
  return { host: match[1] ?? match[2] ?? '', port }
}

function parseBodyBytes(node: ConfigNode | undefined): number {
  const bytes = readInteger(node, bodyBytesDefault, { min: 0, max: bodyBytesMaxMax })
  // As in the Collector, where 0 is "not set".
  return bytes === 0 ? bodyBytesDefault : bytes
}

function parseCors(node: ConfigNode | undefined): readonly string[] {
  if (node === undefined) return []
  const map = readMap(node, ['allowed_origins', 'allowed_headers', ...corsNotRead])
  for (const name of corsNotRead) {
    const setting = map.get(name)
    if (setting !== undefined) throw notImplemented(setting)
  }
  // The embedded collector lets a page of these origins send any header.
  const headers = map.get('allowed_headers')
  if (headers !== undefined && !readTexts(headers).includes('*')) {
    throw unexpected(headers, '["*"], the one list that the embedded collector implements')
  }
  return readTexts(map.get('allowed_origins'))
}
