import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { redactPath, redactQuery } from './redact-query.ts'

const secretNames = [
  'AWSAccessKeyId',
  'Signature',
  'sig',
  'X-Goog-Signature',
  'X-Amz-Signature',
  'X-Amz-Credential',
  'X-Amz-Security-Token',
  'token',
  'access_token',
  'accessToken',
  'id_token',
  'TOKEN',
  'client_secret',
  'password',
  'passwd',
  'passphrase',
  'pwd',
  'api_key',
  'api-key',
  'apikey',
  'apiKey',
  'authorization',
  'authorisation',
  'auth',
  'oauth_verifier',
  'session',
  'sessionid',
  'jwt',
  'key',
  'code',
  'sid',
  'otp',
  'pin',
  'user[password]',
  'passcode',
  'pswd',
  'pw',
  'dbpw',
  'user[pw]',
  'totp',
  'smsOtp',
  'mfa_code',
  'verification_code',
  'verificationCode',
  'reset_code',
  'recovery-code',
  'ticket',
  'client_assertion',
  'SAMLResponse',
  'code_verifier',
  'bearer',
  'hmac',
  'cookie',
  'PHPSESSID',
  'csrf',
  'dsn',
  'connstr',
  'connectionString',
  'appkey',
  'appKey',
  'masterKey',
  'userPin',
]

const plainNames = [
  'skip',
  'limit',
  'q',
  'title',
  'author',
  'authority',
  'monkey',
  'zipcode',
  'spin',
  'inside',
  'pinned',
  'pin_board',
  'ticketing',
  'ticket_id',
  'ticketId',
  'cookie_consent',
  'authors',
  'keyword',
  'turkey',
  'zip_code',
  'countryCode',
  'status_code',
  'passenger',
  'compass',
  'connection',
  'hotpot',
  'design',
  'samples',
  'assertions',
]

/** Text of a query that has no meaning of its own in one: not even that of a URL with a name in it. */
const inert = fc
  .string({ unit: fc.constantFrom(...'abcXYZ019-._~!*()%41;:/?,+ éß'), maxLength: 20 })
  .filter((text) => !/:\/\/.*%40/.test(text))

describe('redactQuery', () => {
  test.each(secretNames)('the value of %s is not kept', (name) => {
    expect(redactQuery(`${name}=s3cr3t`)).toBe(`${name}=REDACTED`)
  })

  test.each(plainNames)('the value of %s is kept', (name) => {
    expect(redactQuery(`${name}=value`)).toBe(`${name}=value`)
  })

  test.each([
    ['p%61ssword', 'one letter'],
    ['%70%61%73%73%77%6F%72%64', 'all letters'],
    ['pass%77ord%ZZ', 'a letter, in a name that does not decode as a whole'],
    ['%ff%74oken', 'a letter after a byte that is not UTF-8'],
    ['user%5Bpassword%5D', 'the brackets'],
    ['%2574oken', 'a letter twice'],
    ['%25%37%34oken', 'a letter twice, every character of it'],
    ['%252574oken', 'a letter three times'],
  ])('a secret name is found in %s, which encodes %s', (name) => {
    expect(redactQuery(`a=1&${name}=s3cr3t&b=2`)).toBe(`a=1&${name}=REDACTED&b=2`)
  })

  test('a value ends at the next ampersand, whatever is in it', () => {
    expect(redactQuery('token=a=b==&limit=1')).toBe('token=REDACTED&limit=1')
  })

  test('a semicolon begins a name, and does not end a secret', () => {
    expect(redactQuery('a=1;token=s3cr3t;b=2&c=3;d')).toBe('a=1;token=REDACTED&c=3;d')
    expect(redactQuery(';;token=s3cr3t')).toBe(';;token=REDACTED')
    expect(redactQuery('a=1;b=2')).toBe('a=1;b=2')
  })

  test.each([
    ['redirect=https%3A%2F%2Fx%3Ftoken%3Ds3cr3t', 'redirect=REDACTED'],
    ['redirect=https://x?token=s3cr3t', 'redirect=https://x?token=REDACTED'],
    ['to=/a%3Fb%3D1%26api_key%3Ds3cr3t&c=1', 'to=REDACTED&c=1'],
    ['a=1%26token=s3cr3t', 'a=REDACTED'],
    ['token%3Ds3cr3t', 'token%3DREDACTED'],
    ['a=1&token%253ds3cr3t', 'a=1&token%253dREDACTED'],
    ['api+key=s3cr3t&api%20key=s3cr3t', 'api+key=REDACTED&api%20key=REDACTED'],
    ['x-key=s3cr3t&connect.sid=s3cr3t', 'x-key=REDACTED&connect.sid=REDACTED'],
  ])('%s becomes %s', (query, redacted) => {
    expect(redactQuery(query)).toBe(redacted)
  })

  test.each([
    'postgres://u:PW@h/db',
    'postgres://u:P/W?#@h/db',
    'https://ghp_x@github.com/o/r',
    'see redis://:PW@h:6379/0',
    'Bearer X',
    'bearer+s3cr3t',
    'Authorization: Bearer s3cr3t-9',
    'Basic YWxhZGRpbjpvcGVu',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
    'x eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.',
  ])('the value %s is a secret under any name, plain and encoded', (value) => {
    expect(redactQuery(`q=${value}&b=2`)).toBe('q=REDACTED&b=2')
    expect(redactQuery(`q=${encodeURIComponent(value)}&b=2`)).toBe('q=REDACTED&b=2')
    const twice = encodeURIComponent(encodeURIComponent(value))
    expect(redactQuery(`q=${twice}&b=2`)).toBe('q=REDACTED&b=2')
  })

  test.each([
    'ring bearer wedding',
    'basic training',
    'Basic Training',
    'www.example.com',
    'eyewitness.reports.com',
    'https://example.com/@user',
    'https://example.com:8080/a?mail=me@example.com',
    'me@example.com',
    '12:30:45',
    '0192f0c1-2b3c-7d4e-8f50-123456789abc',
  ])('the value %s is none', (value) => {
    expect(redactQuery(`q=${value}&b=2`)).toBe(`q=${value}&b=2`)
    expect(redactQuery(`q=${encodeURIComponent(value)}`)).toBe(`q=${encodeURIComponent(value)}`)
  })

  test.each([
    '3kTMd8WqLzYvB2nX',
    'd41d8cd98f00b204e9800998ecf8427e',
    'sk_live_51HqLyjWDarjtT1zdp7dc',
    'dGhpcyBpcyBhIHNlY3JldA==',
    'aB3-xY9_kLmNoPqR-sTu',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln',
    'postgres://u:PW@h/db',
  ])('%s that stands alone is a secret', (key) => {
    expect(redactQuery(key)).toBe('REDACTED')
    expect(redactQuery(`a=1&${key}&b=2`)).toBe('a=1&REDACTED&b=2')
  })

  test.each([
    'debug',
    '2024-05-12',
    '20240512',
    'a-long-title-of-a-page-2',
    'averylongwordthatisnokey',
    '0192f0c1-2b3c-7d4e-8f50-123456789abc',
    'v1.2.3',
  ])('%s that stands alone is none', (text) => {
    expect(redactQuery(text)).toBe(text)
  })

  test('a URL and an encoding without a secret stay as they are', () => {
    const query = 'redirect=https%3A%2F%2Fx%3Flimit%3D1&q=%3D%26%3B&monkey=1&zip-code=2'
    expect(redactQuery(query)).toBe(query)
  })

  test('a name without a value, an empty pair and an empty query stay as they are', () => {
    expect(redactQuery('token&&=x&token=')).toBe('token&&=x&token=REDACTED')
    expect(redactQuery('')).toBe('')
  })

  test('the same name twice is redacted twice', () => {
    expect(redactQuery('key=one&key=two')).toBe('key=REDACTED&key=REDACTED')
  })

  test('no secret survives, and everything else does, character by character', () => {
    const pair = fc.oneof(
      fc.tuple(fc.constantFrom(...plainNames), inert, fc.constant(false)),
      fc.tuple(
        fc.constantFrom(...secretNames).chain((name) => encodeSome(name)),
        inert.map((value) => `s3cr3t${value}`),
        fc.constant(true),
      ),
    )
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 8 }), (pairs) => {
        const query = pairs.map(([name, value]) => `${name}=${value}`).join('&')
        const expected = pairs
          .map(([name, value, isSecret]) => `${name}=${isSecret ? 'REDACTED' : value}`)
          .join('&')
        expect(redactQuery(query)).toBe(expected)
        expect(redactQuery(query)).not.toContain('s3cr3t')
      }),
      { numRuns: 500 },
    )
  })

  // Were it quadratic in any of these, it would take minutes.
  test.each(['&', ';', 'a', '%', '%41', '%25', 'a;', ';a='])(
    'a long query of %s is read',
    (text) => {
      const query = `${text.repeat(300_000)}&token=s3cr3t`
      expect(redactQuery(query)).toBe(`${text.repeat(300_000)}&token=REDACTED`)
    },
  )

  test.each(['://', '@://', 'eyJ', '-eyJ', 'eyJaaaaaaaa.', 'bearer ', 'basic a', 'aA'])(
    'a long query of %s is read, whether or not it is taken for a secret',
    (text) => {
      const long = `${text.repeat(300_000)}&token=s3cr3t`
      expect(redactQuery(long)).toMatch(/&token=REDACTED$/)
    },
  )
})

describe('redactPath', () => {
  test.each([
    ['/cart;jsessionid=s3cr3t/items', '/cart;jsessionid=REDACTED/items'],
    ['/reset/token=s3cr3t', '/reset/token=REDACTED'],
    ['/x%3Ftoken%3Ds3cr3t/y', '/x%3Ftoken%3DREDACTED/y'],
    ['/verify/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln/now', '/verify/REDACTED/now'],
    ['/fetch/https://u:PW@example.com/a', '/fetch/REDACTED/a'],
  ])('%s becomes %s', (path, redacted) => {
    expect(redactPath(path)).toBe(redacted)
  })

  test.each([
    '/',
    '/api/v1/todos/0192f0c1-2b3c-7d4e-8f50-123456789abc',
    '/d41d8cd98f00b204e9800998ecf8427e',
    '/a:b/@user/c=d;e=f',
    '/fetch/https://example.com/a@b',
  ])('%s stays as it is', (path) => {
    expect(redactPath(path)).toBe(path)
  })

  // Were it quadratic, it would take minutes.
  test.each(['/', ':', '=', '://', '/://', 'a:/'])('a long path of %s is read', (text) => {
    expect(redactPath(`/${text.repeat(300_000)};token=s3cr3t`)).not.toContain('s3cr3t')
  })
})

/** The same name with any of its letters percent-encoded, in either case of the hex digits. */
function encodeSome(name: string): fc.Arbitrary<string> {
  return fc
    .array(fc.constantFrom('plain', 'upper', 'lower'), {
      minLength: name.length,
      maxLength: name.length,
    })
    .map((how) =>
      [...name]
        .map((letter, i) => {
          const hex = letter.charCodeAt(0).toString(16)
          if (how[i] === 'plain') return letter
          return `%${how[i] === 'upper' ? hex.toUpperCase() : hex}`
        })
        .join(''),
    )
}
