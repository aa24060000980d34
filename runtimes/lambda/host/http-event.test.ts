import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createHttpEvent, type HttpRequest } from './http-event.ts'

const origin = { requestId: 'id', traceId: 'Root=1-5e6a8646-0', atMillis: 1_583_953_438_390 }

function createRequest(given: Partial<HttpRequest>): HttpRequest {
  return {
    method: 'GET',
    target: '/',
    rawHeaders: ['Host', '127.0.0.1:8005'],
    body: new Uint8Array(),
    sourceAddress: '127.0.0.1',
    port: 8005,
    ...given,
  }
}

const eventOf = (given: Partial<HttpRequest>) => createHttpEvent(createRequest(given), origin)

test('an event has the fields of the payload format 2.0, as its documentation shows them', () => {
  const event = createHttpEvent(
    createRequest({
      method: 'POST',
      target: '/my/path?parameter1=value1&parameter1=value2&parameter2=value',
      rawHeaders: [
        ...['Host', 'url-id.lambda-url.us-west-2.on.aws', 'User-Agent', 'agent'],
        ...['Cookie', 'cookie1=1; cookie2=2', 'Header1', 'value1'],
        ...['Header2', 'value1', 'header2', 'value2', 'Content-Type', 'application/json'],
      ],
      body: Buffer.from('{"message":"hello"}'),
      sourceAddress: '192.0.2.7',
    }),
    origin,
  )

  expect(event).toEqual({
    version: '2.0',
    routeKey: '$default',
    rawPath: '/my/path',
    rawQueryString: 'parameter1=value1&parameter1=value2&parameter2=value',
    cookies: ['cookie1=1', 'cookie2=2'],
    headers: {
      host: 'url-id.lambda-url.us-west-2.on.aws',
      'user-agent': 'agent',
      header1: 'value1',
      header2: 'value1,value2',
      'content-type': 'application/json',
      'x-amzn-trace-id': 'Root=1-5e6a8646-0',
      'x-forwarded-for': '192.0.2.7',
      'x-forwarded-port': '8005',
      'x-forwarded-proto': 'http',
    },
    queryStringParameters: { parameter1: 'value1,value2', parameter2: 'value' },
    requestContext: {
      accountId: 'anonymous',
      apiId: 'url-id',
      domainName: 'url-id.lambda-url.us-west-2.on.aws',
      domainPrefix: 'url-id',
      http: {
        method: 'POST',
        path: '/my/path',
        protocol: 'HTTP/1.1',
        sourceIp: '192.0.2.7',
        userAgent: 'agent',
      },
      requestId: 'id',
      routeKey: '$default',
      stage: '$default',
      time: '11/Mar/2020:19:03:58 +0000',
      timeEpoch: 1_583_953_438_390,
    },
    body: '{"message":"hello"}',
    isBase64Encoded: false,
  })
})

test('what a request does not have, its event does not have either', () => {
  const event = eventOf({})

  expect(Object.keys(event)).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/^(cookies|queryStringParameters|body)$/)]),
  )
  expect(event).toMatchObject({ rawPath: '/', rawQueryString: '', isBase64Encoded: false })
})

test('path and query stay as they were sent', () => {
  fc.assert(
    fc.property(fc.webPath(), fc.option(fc.webQueryParameters()), (path, query) => {
      const target = `/${path}${query === null ? '' : `?${query}`}`
      const { rawPath, rawQueryString } = eventOf({ target })
      expect(rawQueryString === '' ? rawPath : `${rawPath}?${rawQueryString}`).toBe(
        query === '' ? `/${path}` : target,
      )
    }),
  )
})

test('any body comes back as it was, whatever its media type says', () => {
  const types = fc.constantFrom('application/json', 'text/plain', 'image/png', 'application/xml')
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1 }), types, (body, type) => {
      const event = eventOf({ body, rawHeaders: ['content-type', type] })
      const encoding = event.isBase64Encoded ? 'base64' : 'utf8'
      expect(Buffer.from(event.body ?? '', encoding)).toEqual(Buffer.from(body))
    }),
  )
})

describe('a body is', () => {
  test.each([
    ['text', 'application/json'],
    ['text', 'application/problem+json; charset=utf-8'],
    ['text', 'text/csv'],
    ['base64', 'application/x-www-form-urlencoded'],
    ['base64', 'application/octet-stream'],
    ['base64', 'multipart/form-data; boundary=text/plain'],
  ])('%s for %s', (expected, type) => {
    const event = eventOf({ body: Buffer.from('a=b'), rawHeaders: ['content-type', type] })
    expect(event.isBase64Encoded).toBe(expected === 'base64')
  })

  test('base64 when it is compressed', () => {
    const rawHeaders = ['content-type', 'text/plain', 'content-encoding', 'gzip']
    expect(eventOf({ body: Buffer.from('x'), rawHeaders }).isBase64Encoded).toBe(true)
  })
})

describe('headers', () => {
  test('what the client says of scheme and port is replaced, its address is kept', () => {
    const { headers } = eventOf({
      rawHeaders: [
        ...['X-Forwarded-Proto', 'https', 'X-Forwarded-Port', '1', 'X-Amzn-Trace-Id', 'mine'],
        ...['X-Forwarded-For', '198.51.100.1'],
      ],
    })
    expect(headers).toEqual({
      'x-amzn-trace-id': origin.traceId,
      'x-forwarded-for': '198.51.100.1, 127.0.0.1',
      'x-forwarded-port': '8005',
      'x-forwarded-proto': 'http',
    })
  })

  test('what concerns the connection alone stays behind', () => {
    const { headers } = eventOf({
      rawHeaders: ['Connection', 'close', 'Transfer-Encoding', 'chunked', 'X-Mine', '1'],
    })
    expect(Object.keys(headers)).not.toContain('connection')
    expect(Object.keys(headers)).not.toContain('transfer-encoding')
    expect(headers['x-mine']).toBe('1')
  })

  test.each([
    ['127.0.0.1:8005', '127.0.0.1'],
    ['api.example', 'api.example'],
    ['[::1]:8005', '[::1]'],
  ])('of the host %s, the domain name is %s', (host, domainName) => {
    const { requestContext, headers } = eventOf({ rawHeaders: ['host', host] })
    expect(requestContext.domainName).toBe(domainName)
    expect(headers.host).toBe(host)
  })

  test('several cookie headers are one list', () => {
    const rawHeaders = ['Cookie', 'a=1;b=2; ', 'cookie', 'c=3']
    const { cookies, headers } = eventOf({ rawHeaders })
    expect(cookies).toEqual(['a=1', 'b=2', 'c=3'])
    expect(headers.cookie).toBeUndefined()
  })
})
