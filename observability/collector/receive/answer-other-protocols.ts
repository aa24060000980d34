import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'

/**
 * Answers what is no HTTP/1.1 in a way that its sender can read, and says it once in the log.
 *
 * An exporter that is set to gRPC or to https speaks HTTP/2 or TLS to this port. Both are told by
 * their first bytes, and answered in HTTP/1.1: clients know it when they see it, say so, and wait
 * before they try again. To a GOAWAY frame of HTTP/2, which would carry the advice, those of gRPC
 * connect again at once, dozens of times, and show their user a time-out.
 */
export function answerOtherProtocols(server: Server, log: (line: string) => void): void {
  const logged = new Set<string>()
  server.on('clientError', (error: ClientError, socket) => {
    const other = findProtocol(error.rawPacket ?? Buffer.alloc(0))
    if (other !== undefined && !logged.has(other.name)) {
      logged.add(other.name)
      log(`${other.name} came to the port for OTLP/HTTP: ${other.advice}`)
    }
    // After an answer, what is written now would be taken for a part of it.
    if (!socket.writable || wroteBefore(socket)) socket.destroy()
    else if (other === undefined) socket.end(renderPlain(statusOf(error), error.message))
    else socket.end(renderPlain('400 Bad Request', `got ${other.name}: ${other.advice}`))
  })
}

/** As Node's documentation has it; its types know nothing of either. */
type ClientError = Error & { readonly code?: string; readonly rawPacket?: Buffer }

type Protocol = {
  readonly name: string
  readonly advice: string
  readonly isFirst: (packet: Buffer) => boolean
}

const protocols: readonly Protocol[] = [
  {
    name: 'gRPC or HTTP/2',
    advice: 'expected HTTP/1.1, so set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf at its sender',
    isFirst: (packet) => packet.toString('latin1', 0, 14) === 'PRI * HTTP/2.0',
  },
  {
    name: 'TLS',
    advice: 'expected plain HTTP, so begin OTEL_EXPORTER_OTLP_ENDPOINT with http:// at its sender',
    // A record with a handshake, of TLS 1.0 or later.
    isFirst: (packet) => packet[0] === 0x16 && packet[1] === 0x03,
  },
]

function findProtocol(packet: Buffer): Protocol | undefined {
  return protocols.find(({ isFirst }) => isFirst(packet))
}

function wroteBefore(socket: Duplex): boolean {
  return 'bytesWritten' in socket && socket.bytesWritten !== 0
}

/** As Node answers without us. */
function statusOf({ code }: ClientError): string {
  if (code === 'HPE_HEADER_OVERFLOW') return '431 Request Header Fields Too Large'
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return '413 Payload Too Large'
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? '408 Request Timeout' : '400 Bad Request'
}

function renderPlain(status: string, detail: string): string {
  const body = `${detail}\n`
  return `HTTP/1.1 ${status}\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`
}
