import { networkInterfaces } from 'node:os'
import { describe, expect, test } from 'vitest'
import { isOwnEndpoint, renderEndpoint, signalUrl } from './destination.ts'

test.each([
  ['http://127.0.0.1:4318', 'http://127.0.0.1:4318/v1/traces'],
  ['http://127.0.0.1:4318/', 'http://127.0.0.1:4318/v1/traces'],
  ['https://otlp.example/otlp/', 'https://otlp.example/otlp/v1/traces'],
  ['https://otlp.example/otlp?key=1', 'https://otlp.example/otlp/v1/traces?key=1'],
])('traces for %s go to %s', (endpoint, url) => {
  expect(signalUrl(endpoint, 'traces')).toBe(url)
})

test('an endpoint is logged without its query, which may hold a key', () => {
  expect(renderEndpoint('https://otlp.example/otlp/?key=secret')).toBe('https://otlp.example/otlp')
})

test.each(['', 'localhost:4318', 'ftp://x', 'http://'])('%j is no endpoint', (endpoint) => {
  expect(() => signalUrl(endpoint, 'traces')).toThrow(
    'forward endpoint: expected an address such as http://127.0.0.1:4318',
  )
})

test('an endpoint with a password is refused without repeating it', () => {
  expect(() => signalUrl('http://me:secret@x', 'traces')).toThrow(
    /^forward endpoint: expected no user or password in it, use a forward header$/,
  )
})

describe('an endpoint is this collector itself', () => {
  const own = { host: '127.0.0.1', port: 4318 }
  const [ownAddress] = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family }) => family === 'IPv4')
    .map(({ address }) => address)

  test.each([
    'http://127.0.0.1:4318',
    'http://localhost:4318',
    'http://LOCALHOST:4318/',
    'http://[::1]:4318',
    'http://127.1.2.3:4318',
    'http://0.0.0.0:4318',
    `http://${ownAddress}:4318`,
  ])('as %s', (endpoint) => {
    expect(isOwnEndpoint(endpoint, own)).toBe(true)
  })

  test.each(['http://127.0.0.1:4319', 'http://192.0.2.1:4318', 'http://collector.example:4318'])(
    'but not as %s',
    (endpoint) => {
      expect(isOwnEndpoint(endpoint, own)).toBe(false)
    },
  )

  test('by the default port of its protocol', () => {
    expect(isOwnEndpoint('http://localhost', { host: '0.0.0.0', port: 80 })).toBe(true)
    expect(isOwnEndpoint('https://localhost', { host: '0.0.0.0', port: 443 })).toBe(true)
  })
})
