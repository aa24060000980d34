import { expect, test } from 'vitest'
import { buildGroup, buildSpan, spanIdOf, traceIdOf } from '../testing/build-telemetry.ts'
import { post, sendSpans, tracesBody } from '../testing/send.ts'
import { startTestCollector } from '../testing/start-test-collector.ts'

async function startFilled(tracesCount: number) {
  const collector = await startTestCollector()
  for (let from = 1; from <= tracesCount; from += 1_000) {
    const ids = Array.from({ length: 1_000 }, (_, index) => from + index)
    const spans = ids.map((n) => buildSpan({ traceId: traceIdOf(n), spanId: spanIdOf(n) }))
    await sendSpans(collector, [buildGroup(spans)])
  }
  return collector
}

test('while many ask for much, telemetry is taken and /ready answered before they all are', async () => {
  await using collector = await startFilled(10_000)
  const order: string[] = []
  const note = (what: string) => async (response: Response) => {
    await response.arrayBuffer()
    order.push(`${what} ${response.status}`)
  }
  const askReady = () => fetch(`${collector.url}/ready`)
  const askMuch = () => fetch(`${collector.url}/api/traces?text=nowhere`).then(note('question'))
  // Otherwise a fast machine has answered all of them while a connection is being made.
  const connections = await Promise.all(Array.from({ length: 102 }, askReady))
  for (const response of connections) await response.arrayBuffer()

  const questions = Array.from({ length: 100 }, askMuch)
  await Promise.race(questions)
  await Promise.all([
    ...questions,
    askReady().then(note('ready')),
    post(collector, tracesBody()).then(note('export')),
  ])

  expect(order.toSorted()).toEqual([
    'export 200',
    ...questions.map(() => 'question 200'),
    'ready 200',
  ])
  expect(order.lastIndexOf('question 200')).toBe(101)
})
