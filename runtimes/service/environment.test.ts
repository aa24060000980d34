import { describe, expect, test, vi } from 'vitest'
import application from '../application.ts'
import { findAllowedHosts, parseEnvironment } from './environment.ts'

const needed = { DATABASE_URL: 'postgres://todo:seCret@127.0.0.1:5432/todo' }
const parse = (variables: Record<string, unknown>) =>
  parseEnvironment({ ...needed, ...variables }, { port: 8001, application })

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
      ALLOWED_HOSTS: 'api.example, [::1]',
      CORS_ALLOWED_ORIGINS: 'https://a.example, https://b.example,',
      BODY_BYTES_MAX: '1000',
      OTEL_SERVICE_NAME: 'other',
    }),
  ).toMatchObject({
    host: '0.0.0.0',
    port: 80,
    database: { poolMax: 3, timeoutMillis: 250 },
    allowedHosts: ['api.example', '[::1]'],
    allowedOrigins: ['https://a.example', 'https://b.example'],
    bodyBytesMax: 1000,
    telemetry: { serviceName: 'other' },
  })
})

test('a binding that is a number is read as its text', () => {
  expect(parse({ DATABASE_POOL_MAX: 3 })).toMatchObject({ database: { poolMax: 3 } })
})

test.each([
  ['127.0.0.1', {}, ['127.0.0.1']],
  ['localhost', {}, ['localhost']],
  ['LocalHost', {}, ['LocalHost']],
  ['::1', {}, ['::1']],
  ['0.0.0.0', {}, ['*']],
  ['::', {}, ['*']],
  ['10.0.0.7', {}, ['*']],
  ['127.0.0.1', { DENO_DEPLOYMENT_ID: 'abc' }, ['*']],
])('who listens on %s, told %j, answers to %j', (host, variables, hosts) => {
  expect(findAllowedHosts(host, variables)).toEqual(hosts)
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
    [{ TRUST_FORWARDED: 'yes' }, 'TRUST_FORWARDED: expected true or false, got "yes"'],
    [
      { BODY_BYTES_MAX: '-1' },
      'BODY_BYTES_MAX: expected a whole number from 1 to 1073741824, got "-1"',
    ],
    [
      { ALLOWED_HOSTS: 'api.example:80' },
      'ALLOWED_HOSTS: expected names without a port such as api.example.com, or * on its own, got "api.example:80"',
    ],
    [
      { ALLOWED_HOSTS: '*,api.example' },
      'ALLOWED_HOSTS: expected names without a port such as api.example.com, or * on its own, got "*"',
    ],
  ])('%j', (variables, message) => {
    expect(() => parse(variables)).toThrow(message)
  })

  test.each(['Require', 'verify_full', ' '])('PGSSLMODE %j, for which pg has no TLS', (mode) => {
    vi.stubEnv('PGSSLMODE', mode)
    expect(() => parse({})).toThrow('PGSSLMODE is set to no sslmode')
    vi.unstubAllEnvs()
  })

  test.each([
    [undefined, 'got nothing'],
    ['mysql://todo:seCret@host/todo', 'does not begin with postgres://'],
    ['seCret', 'does not begin with postgres://'],
    ['postgres://todo:seCret#@host/todo', 'a # in a user name or password must be written %23'],
    ['postgres://todo:12#seCret@host/todo', 'a # in a user name or password must be written %23'],
    ['postgres://todo:seCret/@host/todo', 'a / in a user name or password must be written %2F'],
    ['postgres://todo:12/seCret@host/todo', 'a / in a user name or password must be written %2F'],
    ['postgres://todo:seCret?@host/todo', 'a ? in a user name or password must be written %3F'],
    ['postgres://todo:12?seCret@host/todo', 'a ? in a user name or password must be written %3F'],
    ['postgres://todo:seCret%ff@host/todo', 'a % that begins no encoding must be written %25'],
    ['postgres://todo:seCret@host:99999/todo', 'its port is no number from 1 to 65535'],
    ['postgres://todo:seCret@host/todo?port=99999', 'its port is no number from 1 to 65535'],
    ['postgres://todo:seCret@host:port/todo', 'it is no URL'],
    ['postgres://todo:seCret@host/todo?sslrootcert=/none', 'cannot be read'],
  ])('DATABASE_URL %j, never repeated', (url, mistake) => {
    const attempt = () => parseEnvironment({ DATABASE_URL: url }, { port: 0, application })
    expect(attempt).toThrow(/^DATABASE_URL: expected a URL/)
    expect(attempt).toThrow(mistake)
    expect(attempt).not.toThrow(/seCret/)
  })

  test.each([
    'postgres://todo:se%23Cret@host/todo',
    'postgresql://todo@/todo?host=/run/postgresql',
    'postgres:///todo?host=/run/postgresql&user=a@b',
    'postgres://todo:a@b@host/todo',
    'postgres://todo@host/a@b',
  ])('but DATABASE_URL %j, as pg reads it, can be', (url) => {
    expect(parse({ DATABASE_URL: url })).toMatchObject({ database: { url } })
  })
})
