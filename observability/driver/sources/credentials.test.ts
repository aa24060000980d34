import { expect, test } from 'vitest'
import { hideCredentials, splitCredentials } from './credentials.ts'

test.each([
  ['https://ada:secret@a.example/x?y=1', 'https://REDACTED:REDACTED@a.example/x?y=1'],
  ['http://token@a.example:81', 'http://REDACTED:REDACTED@a.example:81'],
  ['http://a.example/b@c', 'http://a.example/b@c'],
  ['http://a.example?q=b@c', 'http://a.example?q=b@c'],
])('%s may be shown as %s', (url, shown) => {
  expect(hideCredentials(url)).toBe(shown)
})

test('user and password become the header that says the same', () => {
  expect(splitCredentials('https://Aladdin:open%20sesame@a.example/b')).toEqual({
    url: 'https://a.example/b',
    // RFC 7617, section 2.
    headers: { authorization: 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==' },
  })
})

test('a URL without them stays as it is', () => {
  expect(splitCredentials('http://a.example/b@c')).toEqual({
    url: 'http://a.example/b@c',
    headers: {},
  })
})
