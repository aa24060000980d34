import { expect, test } from 'vitest'
import { findForeignOrigin } from './foreign-origin.ts'

const host = '127.0.0.1:4318'

test.each([
  ['a program', {}],
  ['our own page', { origin: `http://${host}`, 'sec-fetch-site': 'same-origin' }],
  ['our own page behind a proxy', { origin: `https://${host}`, 'sec-fetch-site': 'same-origin' }],
  ['somebody who typed the address', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }],
  [
    'somebody who followed a link',
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
  ],
])('%s is answered', (_, headers) => {
  expect(findForeignOrigin({ host, ...headers }, [])).toBeUndefined()
})

test.each([
  ['a script elsewhere', { origin: 'https://evil.example' }],
  ['a script of another port', { origin: 'http://127.0.0.1:8001', 'sec-fetch-site': 'same-site' }],
  ['a frame without an origin', { origin: 'null' }],
  ['an origin that is none', { origin: 'http://' }],
  ['a longer name', { origin: `http://${host}.evil.example` }],
  ['an image elsewhere', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
  ['an image of another port', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' }],
  [
    'a form elsewhere',
    {
      origin: 'https://evil.example',
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
    },
  ],
])('%s is not', (_, headers) => {
  expect(findForeignOrigin({ host, ...headers }, [])).toMatch(/^expected a (?:page|request) of /)
})

test('a page that a proxy shows under an allowed host is ours, by its port too', () => {
  const behind = (origin: string, allowed: string) =>
    findForeignOrigin({ host, origin, 'sec-fetch-site': 'same-origin' }, [allowed])

  expect(behind('https://watch.example', 'watch.example')).toBeUndefined()
  expect(behind('https://watch.example:8443', 'Watch.example:8443')).toBeUndefined()
  expect(behind('https://[fd00::1]', 'fd00::1')).toBeUndefined()
  expect(behind('https://watch.example:8443', 'watch.example')).toBe(
    `expected a page of ${host}, got one of "https://watch.example:8443"; if that is this page behind a proxy, start the collector with --allowed-host watch.example:8443`,
  )
})

test('a standard port may be named or not', () => {
  expect(
    findForeignOrigin({ host: 'collector.example:443', origin: 'https://collector.example' }, []),
  ).toBeUndefined()
})
