import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseTelemetrySettings } from '../settings/settings.ts'
import { describeConnection, type RequestConnection } from './describe-connection.ts'
import { findPath, readPathAttributes, readRequestAttributes } from './request-attributes.ts'
import { createRequestDescriber } from './request-describer.ts'

type Asked = {
  readonly method: string
  readonly url: string
  readonly userAgent?: string | undefined
  readonly connection: RequestConnection
}

/** Describes requests one after the other, as the server span does: what is not told is read from the request. */
function createSubject(variables: Record<string, string> = {}, trustForwarded = false) {
  let connection: RequestConnection = {}
  const settings = { ...parseTelemetrySettings(variables), trustForwarded }
  const describe = createRequestDescriber(settings, {
    readConnection: () => connection,
    readHeader: ({ env }) => (typeof env === 'string' ? env : undefined),
  })
  return (asked: Asked) => {
    const { method, url, userAgent } = asked
    connection = asked.connection
    // A Request would make the URL another.
    const request = Object.create(Request.prototype, {
      method: { value: method },
      url: { value: url },
    })
    const told = describe({ request, env: userAgent, executionCtx: undefined, end() {} })
    const read =
      told['url.scheme'] === undefined
        ? readRequestAttributes({ method, url, userAgent })
        : readPathAttributes(url, findPath(url))
    return { told, attributes: { ...told, ...read } }
  }
}

function byItself({ connection, method, url, userAgent }: Asked) {
  return { ...describeConnection(connection), ...readRequestAttributes({ method, url, userAgent }) }
}

const local: RequestConnection = { peerAddress: '127.0.0.1', peerPort: 5000, protocol: '1.1' }
const simple: Asked = { method: 'GET', url: 'http://h/x?y=1', userAgent: 'me', connection: local }

test('what requests of a connection say alike is one frozen object, without path and query', () => {
  const describe = createSubject()
  describe(simple)
  const { told } = describe({ ...simple, url: 'http://h/other' })
  expect(describe(simple).told).toBe(told)
  expect(Object.isFrozen(told)).toBe(true)
  expect(Object.keys(told)).not.toContain('url.path')
  expect(told).toMatchObject({ 'network.peer.port': 5000, 'server.address': 'h' })
})

test.each([
  ['has a long user agent', { ...simple, userAgent: 'x'.repeat(600) }, createSubject()],
  ['has a long host', { ...simple, url: `http://${'h'.repeat(600)}/` }, createSubject()],
  ['may come through a proxy', simple, createSubject({}, true)],
  ['may keep few attributes', simple, createSubject({ OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: '9' })],
])('a request that %s shares its connection alone', (_, asked, describe) => {
  describe(asked)
  describe(asked)
  const { told, attributes } = describe(asked)
  expect(told).toEqual(describeConnection(local))
  expect(attributes).toEqual(byItself(asked))
})

test.each([
  'http://h?token=/s3cr3t',
  'http://h#/s3cr3t',
  'http://h?a=http://b/s3cr3t&token=s3cr3t',
])('of %s, which has no path, as little is told the third time as the first', (url) => {
  const describe = createSubject()
  const asked = { ...simple, url }
  const first = describe(asked).attributes
  describe(asked)
  expect(describe(asked).attributes).toEqual(first)
  expect(first['url.path']).toBe('/')
})

const connection = fc.record({
  peerAddress: fc.constantFrom('127.0.0.1', '::ffff:127.0.0.1', '10.0.0.1', undefined),
  peerPort: fc.constantFrom(1, 2, undefined),
  protocol: fc.constantFrom('1.1', '2.0', undefined),
})
const asked: fc.Arbitrary<Asked> = fc.record({
  method: fc.constantFrom('GET', 'get', 'BREW'),
  url: fc.constantFrom(
    ...[
      'http://a/',
      'http://a/x?token=1',
      'http://ab/x',
      'http://a:81/x',
      'https://a/x',
      'http://a',
    ],
    ...['http://a?x=/y', 'http://a#/f', 'http://u:p@a/x', 'http://[::1]:80/y', '/relative', ''],
  ),
  userAgent: fc.constantFrom(undefined, 'one', 'two'),
  connection,
})

test('a request is described as it would be by itself, whatever came before', () => {
  // Each several times, for the first alone is described at once.
  const runs = fc.array(fc.tuple(asked, fc.integer({ min: 1, max: 4 })), { minLength: 1 })
  fc.assert(
    fc.property(runs, (wanted) => {
      const describe = createSubject()
      for (const [one, times] of wanted)
        for (let i = 0; i < times; i += 1) expect(describe(one).attributes).toEqual(byItself(one))
    }),
    { numRuns: 1000 },
  )
})

test('of more connections than are remembered, each is described as it would be by itself', () => {
  const describe = createSubject()
  for (let round = 0; round < 2; round += 1)
    for (let peerPort = 1; peerPort < 6000; peerPort += 1) {
      const one = { ...simple, connection: { ...local, peerPort } }
      if (peerPort % 500 === 0) expect(describe(one).attributes).toEqual(byItself(one))
      else describe(one)
    }
})
