import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { describeConnection } from './describe-connection.ts'
import { redactPath, redactQuery } from './redact-query.ts'
import { knownMethod, readRequestAttributes } from './request-attributes.ts'

const anyUrl = fc.webUrl({
  withQueryParameters: true,
  withFragments: true,
  authoritySettings: { withPort: true, withUserInfo: true, withIPv4: true, withIPv6: true },
})

function read(url: string, method = 'GET', userAgent?: string) {
  return readRequestAttributes({ method, url, userAgent })
}

describe('readRequestAttributes', () => {
  test('a request says its method, its URL in parts, and who asks', () => {
    expect(read('http://localhost:8001/api/v1/todos?skip=1', 'GET', 'curl/8.0')).toEqual({
      'http.request.method': 'GET',
      'url.scheme': 'http',
      'url.path': '/api/v1/todos',
      'url.query': 'skip=1',
      'server.address': 'localhost',
      'server.port': 8001,
      'user_agent.original': 'curl/8.0',
    })
  })

  test('without a query and a user agent there are no attributes of them', () => {
    expect(Object.keys(read('https://example.com/'))).toEqual([
      'http.request.method',
      'url.scheme',
      'url.path',
      'server.address',
      'server.port',
    ])
    expect(read('http://localhost/?')).not.toHaveProperty('url.query')
  })

  test.each([
    ['http://example.com/', 80],
    ['https://example.com/', 443],
    ['https://example.com:8443/', 8443],
  ])('the port of %s is %i', (url, port) => {
    expect(read(url)['server.port']).toBe(port)
  })

  test.each([
    ['http://[::1]:8001/x', '::1', 8001],
    ['http://[2001:db8::1]/x', '2001:db8::1', 80],
    ['http://127.0.0.1:8001/x', '127.0.0.1', 8001],
  ])('the address of %s is %s, without the brackets of URLs', (url, address, port) => {
    expect(read(url)).toMatchObject({ 'server.address': address, 'server.port': port })
  })

  test('a name and a password before the host are passed over', () => {
    const attributes = read('http://user:s3cr3t@example.com:81/path@x')
    expect(attributes).toMatchObject({
      'server.address': 'example.com',
      'server.port': 81,
      'url.path': '/path@x',
    })
    expect(JSON.stringify(attributes)).not.toContain('s3cr3t')
  })

  test('secrets in the query are not kept, and a fragment is none of it', () => {
    expect(read('http://localhost/?q=1&token=s3cr3t#frag')['url.query']).toBe('q=1&token=REDACTED')
    expect(read('http://localhost/x#frag')['url.path']).toBe('/x')
  })

  test.each(['BREW', 'get', 'PROPFIND', ''])(
    'the method %j is _OTHER, and is told apart',
    (method) => {
      expect(read('http://localhost/', method)).toMatchObject({
        'http.request.method': '_OTHER',
        'http.request.method_original': method,
      })
    },
  )

  test.each([
    'CONNECT',
    'DELETE',
    'GET',
    'HEAD',
    'OPTIONS',
    'PATCH',
    'POST',
    'PUT',
    'QUERY',
    'TRACE',
  ])('the method %s is known', (method) => {
    expect(knownMethod(method)).toBe(method)
    expect(read('http://localhost/', method)).not.toHaveProperty('http.request.method_original')
  })

  test.each(['', '/relative', 'mailto:someone@example.com'])(
    'of %j, which is no absolute URL, nothing is said',
    (url) => {
      expect(read(url)).toEqual({ 'http.request.method': 'GET' })
    },
  )

  test.each([
    [{ clientAddress: '192.0.2.1' }, { 'client.address': '192.0.2.1', 'url.scheme': 'http' }],
    [{ scheme: 'https' }, { 'url.scheme': 'https', 'server.port': 8001 }],
    [{ host: 'x.example' }, { 'server.address': 'x.example', 'server.port': 80 }],
    [{ host: 'x.example', scheme: 'https' }, { 'server.port': 443 }],
    [{ host: 'x.example', port: 81 }, { 'server.port': 81 }],
  ])('a proxy that says %j is believed', (forwarded, expected) => {
    const request = { method: 'GET', url: 'http://inner:8001/', userAgent: undefined }
    expect(readRequestAttributes({ ...request, forwarded })).toMatchObject(expected)
  })

  test('it reads any web URL as the platform does', () => {
    fc.assert(
      fc.property(anyUrl, (text) => {
        const url = new URL(text)
        const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
        const query = url.search === '' ? {} : { 'url.query': redactQuery(url.search.slice(1)) }
        expect(read(url.href)).toEqual({
          'http.request.method': 'GET',
          ...query,
          'url.scheme': url.protocol.slice(0, -1),
          'url.path': redactPath(url.pathname),
          'server.address': url.hostname.replace(/^\[|\]$/g, ''),
          'server.port': port,
        })
      }),
      { numRuns: 500, examples: [['http://a.aa/://@']] },
    )
  })
})

describe('describeConnection', () => {
  test('who is connected asks, unless the platform tells who does', () => {
    expect(describeConnection({ peerAddress: '::ffff:127.0.0.1', peerPort: 5000 })).toEqual({
      'client.address': '127.0.0.1',
      'network.peer.address': '127.0.0.1',
      'network.peer.port': 5000,
    })
    expect(describeConnection({ clientAddress: '2001:db8::1', protocol: 'HTTP/2' })).toEqual({
      'client.address': '2001:db8::1',
      'network.protocol.version': '2',
    })
    expect(describeConnection({})).toEqual({})
  })

  test.each([
    ['1.0', '1.0'],
    ['HTTP/1.1', '1.1'],
    ['HTTP/2.0', '2'],
    ['HTTP/3', '3'],
  ])('the version of %s is %s', (protocol, version) => {
    expect(describeConnection({ protocol })).toEqual({ 'network.protocol.version': version })
  })
})
