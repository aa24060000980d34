import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTcpServer, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { answerBytesMax, createHttpClient, readAnswer } from './http-client.ts'

async function serve(listener: RequestListener) {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const url = `http://127.0.0.1:${port}`
  const client = createHttpClient(url)
  return {
    url,
    client,
    async [Symbol.asyncDispose]() {
      client.close()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const get = { method: 'GET', path: '/', headers: {}, body: null }

describe('the HTTP client', () => {
  test('gives the whole answer and when it was sent and ended', async () => {
    await using server = await serve((_, response) => {
      response.writeHead(404, { 'content-type': 'application/problem+json', 'x-odd': ['a', 'b'] })
      setTimeout(() => response.end('{"status":404}'), 20)
    })
    const before = performance.now()
    const exchange = await server.client.send(get)

    expect(exchange.sentAt).toBeGreaterThanOrEqual(before)
    expect(exchange.endedAt - exchange.sentAt).toBeGreaterThan(15)
    expect(exchange.headers.filter(([name]) => name === 'x-odd')).toHaveLength(2)
    expect(readAnswer(exchange)).toMatchObject({
      status: 404,
      body: { format: 'json', value: { status: 404 } },
    })
  })

  test('encodes a path as a browser does, and nothing twice', async () => {
    await using server = await serve((request, response) => response.end(request.url))
    const path = '/größe/価格/😀 a/%C3%BC?q=ö&r=1+2'
    expect(readAnswer(await server.client.send({ ...get, path }))?.body).toEqual({
      format: 'text',
      text: '/gr%C3%B6%C3%9Fe/%E4%BE%A1%E6%A0%BC/%F0%9F%98%80%20a/%C3%BC?q=%C3%B6&r=1+2',
    })
  })

  test('sends method, path, headers and body as they are', async () => {
    await using server = await serve((request, response) => {
      request.setEncoding('utf8').once('data', (body: string) => {
        response.end(`${request.method} ${request.url} ${request.headers['content-type']} ${body}`)
      })
    })
    const exchange = await server.client.send({
      method: 'PUT',
      path: '/a?b=c',
      headers: { 'content-type': 'text/plain' },
      body: 'möglich',
    })
    expect(readAnswer(exchange)?.body).toEqual({
      format: 'text',
      text: 'PUT /a?b=c text/plain möglich',
    })
  })

  test('keeps the path of the target before that of the request', async () => {
    await using server = await serve((request, response) => response.end(request.url))
    const client = createHttpClient(`${server.url}/stage/`)
    expect(Buffer.from((await client.send({ ...get, path: '/a' })).body).toString()).toBe(
      '/stage/a',
    )
    client.close()
  })

  test('follows no redirect', async () => {
    await using server = await serve((_, response) => {
      response.writeHead(302, { location: '/elsewhere' }).end()
    })
    expect((await server.client.send(get)).status).toBe(302)
  })

  test('uses one connection for requests one after the other', async () => {
    const ports = new Set<number | undefined>()
    await using server = await serve((request, response) => {
      ports.add(request.socket.remotePort)
      response.end()
    })
    for (let round = 0; round < 5; round += 1) await server.client.send(get)
    expect(ports.size).toBe(1)
  })

  test('asks again when a kept connection was closed before the request', async () => {
    let answered = 0
    const sockets = new Set<Socket>()
    const server = createTcpServer((socket) => {
      sockets.add(socket)
      let own = 0
      socket.on('error', () => {})
      socket.on('data', () => {
        own += 1
        // The second request on a connection finds it closed, as after a server's idle timeout.
        if (own > 1) socket.resetAndDestroy()
        else {
          answered += 1
          socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
        }
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const client = createHttpClient(
      `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    )
    expect(await client.send(get)).toMatchObject({ error: null, isResent: false })
    expect(await client.send(get)).toMatchObject({ error: null, isResent: true })
    expect(answered).toBe(2)
    client.close()
    for (const socket of sockets) socket.destroy()
    server.close()
  })

  test('an answer that breaks off is none', async () => {
    await using server = await serve((request, response) => {
      response.writeHead(200, { 'content-length': 100 })
      response.write('half')
      setTimeout(() => request.socket.destroy(), 10)
    })
    const exchange = await server.client.send(get)
    expect(exchange.error).toMatch(/aborted|ECONNRESET|socket hang up/)
    expect(readAnswer(exchange)).toBeNull()
  })

  test('an answer that is too long is none', async () => {
    await using server = await serve((_, response) => {
      response.on('error', () => {})
      response.end(Buffer.alloc(answerBytesMax + 1))
    })
    const exchange = await server.client.send(get)
    expect(exchange.error).toBe(`the answer is longer than ${answerBytesMax} bytes`)
    expect(exchange.status).toBeNull()
  })

  test('says why nothing answers', async () => {
    const server = await serve(() => {})
    const { url } = server
    await server[Symbol.asyncDispose]()
    const client = createHttpClient(url)
    expect((await client.send(get)).error).toMatch(/^connect ECONNREFUSED/)
    client.close()
  })
})
