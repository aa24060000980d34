import { describe, expect, test } from 'vitest'
import { parseCommandLine } from './command-line.ts'

test('without flags and variables everything is left to the definition', () => {
  expect(parseCommandLine([], {})).toEqual({
    host: undefined,
    port: undefined,
    configPath: undefined,
    forward: undefined,
    allowedHosts: [],
    corsOrigins: [],
    tryPlan: { services: [], requests: [] },
    declared: { reference: null, known: [] },
    runs: { folder: undefined, keepMax: 5, isFresh: false },
  })
})

test('flags say it all', () => {
  const args =
    '--port 0 --host ::1 --config a.yaml --forward http://x --forward-header Authorization=Basic\u00A0a=b --forward-header k=v --allowed-host a --allowed-host b --cors-origin http://c'
  expect(parseCommandLine(args.split(' '), {})).toEqual({
    host: '::1',
    port: 0,
    configPath: 'a.yaml',
    forward: { endpoint: 'http://x', headers: { authorization: 'Basic\u00A0a=b', k: 'v' } },
    allowedHosts: ['a', 'b'],
    corsOrigins: ['http://c'],
    tryPlan: { services: [], requests: [] },
    declared: { reference: null, known: [] },
    runs: { folder: undefined, keepMax: 5, isFresh: false },
  })
})

test('variables say it too, and a flag wins', () => {
  const environment = {
    COLLECTOR_PORT: '1',
    COLLECTOR_FORWARD_ENDPOINT: 'http://from-variable',
    COLLECTOR_FORWARD_HEADERS: 'authorization=Bearer%20abc, x-scope = a%2Cb',
    COLLECTOR_ALLOWED_HOSTS: 'a, b',
    COLLECTOR_CORS_ORIGINS: '',
  }
  expect(parseCommandLine([], environment)).toMatchObject({
    port: 1,
    forward: {
      endpoint: 'http://from-variable',
      headers: { authorization: 'Bearer abc', 'x-scope': 'a,b' },
    },
    allowedHosts: ['a', 'b'],
    corsOrigins: [],
  })
  expect(
    parseCommandLine(['--port', '2', '--forward', 'http://from-flag'], environment),
  ).toMatchObject({ port: 2, forward: { endpoint: 'http://from-flag' } })
})

test('help is asked for by its flag', () => {
  expect(parseCommandLine(['--help', '--port', '1'], {})).toBeUndefined()
})

describe('what cannot be used is refused in one sentence', () => {
  test.each([
    [['--prot', '1'], "Unknown option '--prot'; see --help"],
    [['serve'], "Unexpected argument 'serve'"],
    [['--port'], "Option '--port <value>' argument missing; see --help"],
    [['--port', '70000'], '--port: expected a whole number from 0 to 65535, got "70000"'],
    [['--port', 'http'], '--port: expected a whole number from 0 to 65535, got "http"'],
    [
      ['--forward', 'lgtm:4318'],
      'forward endpoint: expected an address such as http://127.0.0.1:4318',
    ],
    [['--forward-header', 'a=b'], '--forward-header: expected --forward as well; add it'],
  ])('%j', (args, message) => {
    expect(() => parseCommandLine(args, {})).toThrow(message)
  })

  test.each(['secret', '=secret', 'a b=secret', 'a=secret\nx'])(
    'and the header %j is not repeated',
    (header) => {
      const args = ['--forward', 'http://x', '--forward-header', header]
      expect(() => parseCommandLine(args, {})).toThrow(
        /^--forward-header: expected name=value, such as authorization=Bearer%20…$/,
      )
    },
  )
})
