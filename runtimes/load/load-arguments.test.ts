import { expect, test } from 'vitest'
import { parseLoadArguments } from './load-arguments.ts'

test('without a word it is what npm start runs, at a low rate, until it is stopped', () => {
  expect(parseLoadArguments([], {})).toEqual({
    app: { app: undefined, variables: {} },
    scenario: null,
    targets: [],
    ratePerSecond: 2,
    seconds: null,
    data: null,
    collector: null,
  })
})

test('targets, rate, time and collector are taken as they are given', () => {
  const args = ['--target', 'a=http://a:1/', '--target', 'b=https://b', '--rate', '500']
  expect(parseLoadArguments([...args, '--seconds', '7'], {})).toMatchObject({
    targets: [
      { name: 'a', url: 'http://a:1' },
      { name: 'b', url: 'https://b' },
    ],
    ratePerSecond: 500,
    seconds: 7,
  })
})

test('the collector is the one of the command line, else that of the standard variable', () => {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' }
  expect(parseLoadArguments([], env)).toMatchObject({ collector: 'http://collector:4318' })
  expect(parseLoadArguments([], { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317' })).toMatchObject({
    collector: null,
  })
  expect(parseLoadArguments(['--collector', 'http://c'], env)).toMatchObject({
    collector: 'http://c',
  })
})

test.each([
  [['--rate', '0'], '--rate: expected a whole number from 1 to 500, got "0"'],
  [['--rate', '501'], '--rate: expected a whole number from 1 to 500, got "501"'],
  [['--seconds', '1.5'], '--seconds: expected a whole number from 1 to 604800, got "1.5"'],
  [['--target', 'http://a'], '--target: expected NAME=URL, got "http://a"'],
  [['--target', 'a=ftp://a'], '--target a: expected an http:// or https:// URL, got "ftp://a"'],
  [['--target', 'a=http://a', '--target', 'a=http://b'], '--target: a is named twice'],
  [['--collector', 'c'], '--collector: expected an http:// or https:// URL, got "c"'],
  [['--speed', '1'], "Unknown option '--speed'"],
  [
    Array.from({ length: 51 }, (_, at) => ['--target', `n${at}=http://a`]).flat(),
    '--target: expected at most 50, got 51',
  ],
])('what cannot be understood is quoted: %#', (args, message) => {
  expect(() => parseLoadArguments(args, {})).toThrow(message)
  expect(() => parseLoadArguments(args, {})).toThrow('--help lists what there is')
})
