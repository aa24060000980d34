import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hostForTest, type TestHost } from './testing/host-for-test.ts'

/** Answers with the event it got, or with what the path asks for. */
const source = `
export const handler = async (event) => {
  switch (event.rawPath) {
    case '/bytes':
      return { statusCode: 200, body: event.body, isBase64Encoded: true }
    case '/cookies':
      return { statusCode: 200, cookies: ['a=1', 'b=2; Path=/'], body: '' }
    case '/empty':
      return { statusCode: 204 }
    case '/large':
      return { statusCode: 200, body: 'x'.repeat(7 * 2 ** 20) }
    case '/nonsense':
      return { statusCode: 'two hundred' }
    default:
      return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(event) }
  }
}`

let host: TestHost
beforeAll(async () => {
  host = await hostForTest(source)
})
afterAll(() => host[Symbol.asyncDispose]())

const call = (path: string, init?: RequestInit) => fetch(`${host.url}${path}`, init)

test('the function gets the request as an event', async () => {
  const sent = request(`${host.url}/a%2Fb/ü?x=1&x=2&y=%20`.replace('ü', '%C3%BC'), {
    method: 'PUT',
    headers: { 'content-type': 'text/plain', cookie: 'a=1; b=2', 'x-two': ['1', '2'] },
  })
  sent.end('hé')
  const [response] = await once(sent, 'response')
  const chunks: Buffer[] = await response.toArray()

  expect(JSON.parse(Buffer.concat(chunks).toString())).toMatchObject({
    rawPath: '/a%2Fb/%C3%BC',
    rawQueryString: 'x=1&x=2&y=%20',
    queryStringParameters: { x: '1,2', y: ' ' },
    cookies: ['a=1', 'b=2'],
    headers: {
      'x-two': '1,2',
      host: `127.0.0.1:${host.port}`,
      'x-forwarded-port': String(host.port),
      'x-forwarded-proto': 'http',
    },
    requestContext: {
      domainName: '127.0.0.1',
      http: { method: 'PUT', path: '/a%2Fb/%C3%BC', sourceIp: '127.0.0.1' },
    },
    body: 'hé',
    isBase64Encoded: false,
  })
})

test('bytes come back as they were sent', async () => {
  const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index)
  const response = await call('/bytes', { method: 'POST', body: bytes })

  expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from(bytes))
})

test('each cookie is a header of its own', async () => {
  expect((await call('/cookies')).headers.getSetCookie()).toEqual(['a=1', 'b=2; Path=/'])
})

test('an answer without a body has none', async () => {
  const response = await call('/empty')
  expect(response.status).toBe(204)
  expect(await response.text()).toBe('')
})

test('HEAD has the headers, and no body', async () => {
  const response = await call('/', { method: 'HEAD' })
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(await response.text()).toBe('')
})

test.each([
  ['declared', 'x'.repeat(7 * 2 ** 20)],
  ['declared, and as an event', new Uint8Array(5 * 2 ** 20)],
  ['not declared', toStream('x'.repeat(7 * 2 ** 20))],
])('a body that is too large is a 413: %s', async (_, body) => {
  const init = { method: 'POST', body, duplex: 'half' } as RequestInit // Node's types lack `duplex`
  expect((await call('/', init)).status).toBe(413)
})

test('a body that is too large is refused before it was sent', async () => {
  const socket = connect(host.port, '127.0.0.1')
  socket.write('POST / HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 999999999\r\n\r\n{')
  const [chunk] = await once(socket, 'data')
  socket.destroy()

  expect(String(chunk)).toMatch(/^HTTP\/1\.1 413 /)
})

test.each(['/large', '/nonsense'])('what is no answer is a 502: %s', async (path) => {
  const response = await call(path)

  expect(response.status).toBe(502)
  expect(await response.json()).toEqual({ message: 'Internal Server Error' })
  expect((await call('/empty')).status).toBe(204)
})

test('a request for no path is a 400', async () => {
  expect(await sendLine('OPTIONS * HTTP/1.1')).toMatch(/^HTTP\/1\.1 400 /)
})

test('a request line may have a whole URL', async () => {
  expect(await sendLine('GET http://api.example/a?b=c HTTP/1.1')).toContain(
    '"rawPath":"/a","rawQueryString":"b=c"',
  )
})

async function sendLine(line: string): Promise<string> {
  const socket = connect(host.port, '127.0.0.1')
  socket.write(`${line}\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n`)
  const chunks: Buffer[] = await socket.toArray()
  return Buffer.concat(chunks).toString()
}

function toStream(text: string): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text))
      controller.close()
    },
  })
}
