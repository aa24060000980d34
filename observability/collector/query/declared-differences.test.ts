import { expect, test } from 'vitest'
import { ask, startTestCollector } from '../testing/start-test-collector.ts'
import { parseDeclaredDifferences } from './declared-differences.ts'

const text =
  '{"runtime":"workers","reason":"no pool","matches":{"kind":"span.extra","path":"* > CONNECT"},"mayBeAbsent":true}'

test('what was declared at the start is what is answered', async () => {
  const declared = parseDeclaredDifferences([text], 'node')
  await using collector = await startTestCollector({ declared })

  expect(await ask(collector, '/api/known-differences')).toEqual({
    reference: 'node',
    known: [JSON.parse(text)],
  })
})

test('nothing needs to be declared', async () => {
  await using collector = await startTestCollector()

  expect(await ask(collector, '/api/known-differences')).toEqual({ reference: null, known: [] })
})

test.each([
  '',
  'workers',
  '[]',
  'null',
  '{"runtime":"a","reason":"b"}',
  '{"runtime":"a","reason":"b","matches":{}}',
  '{"runtime":"a","reason":"b","matches":{"kind":"c","opration":"d"}}',
  '{"runtime":"a","reason":1,"matches":{"kind":"c"}}',
  '{"runtime":"a","reason":"b","matches":{"kind":"c","path":["d"]}}',
])('%j is no declaration', (given) => {
  expect(() => parseDeclaredDifferences([given], undefined)).toThrow('--known: expected {"runtime"')
})

test('there is a bound to how many they are, and how long', () => {
  expect(parseDeclaredDifferences(Array(500).fill(text), '').known).toHaveLength(500)
  expect(() => parseDeclaredDifferences(Array(501).fill(text), '')).toThrow('at most 500, got 501')
  expect(() => parseDeclaredDifferences([`{"a":"${'b'.repeat(4_000)}"}`], '')).toThrow(
    'at most 4000 characters',
  )
})
