import { describe, expect, test } from 'vitest'
import { parseEnvironment } from './environment.ts'

const needed = { DATABASE_URL: 'postgres://todo:seCret@127.0.0.1:5432/todo' }
const parse = (variables: Record<string, unknown>) =>
  parseEnvironment({ ...needed, ...variables }, { port: 8001 })

test('only the database has to be named', () => {
  expect(parse({})).toMatchObject({
    host: '127.0.0.1',
    port: 8001,
    database: { url: needed.DATABASE_URL, poolMax: 10, timeoutMillis: 5000 },
    allowedOrigins: [],
    bodyBytesMax: 1_048_576,
  })
})

test('every variable is read', () => {
  expect(
    parse({
      HOST: '0.0.0.0',
      PORT: '80',
      DATABASE_POOL_MAX: '3',
      DATABASE_TIMEOUT_MILLIS: '250',
      CORS_ALLOWED_ORIGINS: 'https://a.example, https://b.example,',
      BODY_BYTES_MAX: '1000',
      OTEL_SERVICE_NAME: 'other',
    }),
  ).toMatchObject({
    host: '0.0.0.0',
    port: 80,
    database: { poolMax: 3, timeoutMillis: 250 },
    allowedOrigins: ['https://a.example', 'https://b.example'],
    bodyBytesMax: 1000,
    telemetry: { serviceName: 'other' },
  })
})

test('a binding that is a number is read as its text', () => {
  expect(parse({ DATABASE_POOL_MAX: 3 })).toMatchObject({ database: { poolMax: 3 } })
})

test('a variable that is empty counts as one that is not set', () => {
  expect(parse({ PORT: '', HOST: ' ' })).toMatchObject({ port: 8001, host: '127.0.0.1' })
})

describe('a variable that cannot be used is named, with what it may be:', () => {
  test.each([
    [{ PORT: '80a' }, 'PORT: expected a whole number from 0 to 65535, got "80a"'],
    [{ PORT: '65536' }, 'PORT: expected a whole number from 0 to 65535, got "65536"'],
    [
      { DATABASE_POOL_MAX: '0' },
      'DATABASE_POOL_MAX: expected a whole number from 1 to 1000, got "0"',
    ],
    [
      { BODY_BYTES_MAX: '-1' },
      'BODY_BYTES_MAX: expected a whole number from 1 to 1073741824, got "-1"',
    ],
  ])('%j', (variables, message) => {
    expect(() => parse(variables)).toThrow(message)
  })

  test.each([undefined, 'mysql://todo:seCret@host/todo', 'seCret'])(
    'DATABASE_URL %j, never repeated',
    (url) => {
      const attempt = () => parseEnvironment({ DATABASE_URL: url }, { port: 0 })
      expect(attempt).toThrow(/^DATABASE_URL: expected a URL/)
      expect(attempt).not.toThrow(/seCret/)
    },
  )
})
