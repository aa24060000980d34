import { expect, test } from 'vitest'
import { startTestCollector } from '../../../collector/testing/start-test-collector.ts'
import { readDeclared } from '../compare/declared.ts'
import { readLogPage } from '../logs/log-page.ts'
import { readTracePage } from '../state/asking/answers.ts'
import { readOverview } from './overview-answer.ts'

test('what the collector answers can be read, also when it has nothing', async () => {
  await using collector = await startTestCollector()
  const overview = await (await fetch(`${collector.url}/api/overview`)).json()
  const traces = await (await fetch(`${collector.url}/api/traces`)).json()
  const logs = await (await fetch(`${collector.url}/api/logs`)).json()
  const declared = await (await fetch(`${collector.url}/api/known-differences`)).json()

  expect(readOverview(overview)).toMatchObject({ operations: [], series: [] })
  expect(readTracePage(traces)).toMatchObject({ items: [], next: null })
  expect(readLogPage(logs)).toMatchObject({ items: [], next: null })
  expect(readDeclared(declared)).toEqual({ reference: '', known: [] })
})

test('an answer of another shape is refused with the place', () => {
  expect(() => readTracePage({ traces: [{}] })).toThrow('traces[0].traceId: expected text')
  expect(() => readTracePage([])).toThrow('answer: expected an object')
})
