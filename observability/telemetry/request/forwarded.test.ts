import { describe, expect, test } from 'vitest'
import { readForwarded } from './forwarded.ts'

function read(headers: Readonly<Record<string, string>>) {
  return readForwarded((name) => headers[name])
}

describe('readForwarded', () => {
  test.each([
    ['for=192.0.2.60;proto=http;by=203.0.113.43', { clientAddress: '192.0.2.60', scheme: 'http' }],
    ['For="[2001:db8:cafe::17]:4711"', { clientAddress: '2001:db8:cafe::17' }],
    ['for=192.0.2.43:47011, for=198.51.100.17', { clientAddress: '192.0.2.43' }],
    ['proto=HTTPS; host="example.com:8443"', { scheme: 'https', host: 'example.com', port: 8443 }],
    ['for=unknown;proto=https', { scheme: 'https' }],
    ['for=_hidden', {}],
    ['for=999.1.1.1;proto=javascript;host=a/b', {}],
    ['host=example.com:99999', {}],
    [';;=;for', {}],
    ['', {}],
  ])('Forwarded: %s', (forwarded, expected) => {
    expect(read({ forwarded })).toEqual(expected)
  })

  test('of X-Forwarded-* the first proxy speaks', () => {
    expect(
      read({
        'x-forwarded-for': '203.0.113.9:5000, 10.0.0.1',
        'x-forwarded-proto': 'https, http',
        'x-forwarded-host': 'todos.example, inner',
        'x-forwarded-port': '8443, 80',
      }),
    ).toEqual({ clientAddress: '203.0.113.9', scheme: 'https', host: 'todos.example', port: 8443 })
  })

  test('Forwarded wins, and what it does not say is taken from X-Forwarded-*', () => {
    const headers = { forwarded: 'for=192.0.2.60', 'x-forwarded-for': '203.0.113.9' }
    expect(read({ ...headers, 'x-forwarded-proto': 'https' })).toEqual({
      clientAddress: '192.0.2.60',
      scheme: 'https',
    })
  })

  test.each([
    ['x-forwarded-for', 'example.com'],
    ['x-forwarded-for', '1.2.3'],
    ['x-forwarded-for', '::1::2'],
    ['x-forwarded-for', '<script>'],
    ['x-forwarded-proto', 'ftp'],
    ['x-forwarded-host', 'user@host'],
    ['x-forwarded-host', 'x'.repeat(300)],
    ['x-forwarded-port', '0'],
    ['x-forwarded-port', '-1'],
    ['x-forwarded-port', '65536'],
  ])('%s: %s is ignored', (name, value) => {
    expect(read({ [name]: value })).toEqual({})
  })
})
