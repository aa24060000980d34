import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { connect as connectTls } from 'node:tls'
import { expect, test } from 'vitest'
import { startTestCollector } from '../testing/start-test-collector.ts'

test('a gRPC client gets an answer in HTTP, as it expects of a wrong port, and the log says why, once', async () => {
  const lines: string[] = []
  await using collector = await startTestCollector({ log: (line) => lines.push(line) })
  const advice = 'expected HTTP/1.1, so set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf at its sender'
  for (let times = 1; times <= 2; times += 1) {
    expect(await speak(collector.port, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')).toMatch(
      new RegExp(`^HTTP/1\\.1 400 Bad Request\r\n.*\r\n\r\ngot gRPC or HTTP/2: ${advice}\n$`, 's'),
    )
  }

  expect(lines).toEqual([`gRPC or HTTP/2 came to the port for OTLP/HTTP: ${advice}`])
})

test('a TLS client gets an answer in HTTP, and the log says why', async () => {
  const lines: string[] = []
  await using collector = await startTestCollector({ log: (line) => lines.push(line) })
  const socket = connectTls(collector.port, '127.0.0.1')
  const error = await new Promise((resolve) => socket.on('error', resolve))
  expect(String(error)).toMatch(/wrong version number|packet length too long/)

  const advice =
    'expected plain HTTP, so begin OTEL_EXPORTER_OTLP_ENDPOINT with http:// at its sender'
  expect(await speak(collector.port, Buffer.from('16030100c8010000c40303', 'hex'))).toContain(
    `\r\n\r\ngot TLS: ${advice}\n`,
  )
  expect(lines).toEqual([`TLS came to the port for OTLP/HTTP: ${advice}`])
})

test('what is no HTTP at all is a 400 that says so', async () => {
  await using collector = await startTestCollector()

  expect(await speak(collector.port, 'hello\r\n\r\n')).toMatch(
    /^HTTP\/1\.1 400 Bad Request\r\n.*\r\n\r\nParse Error: /s,
  )
})

async function speak(port: number, bytes: string | Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(bytes)
  return text(socket)
}
