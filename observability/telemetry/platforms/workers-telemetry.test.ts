import { Hono } from 'hono'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type OtlpReceiver, startOtlpReceiver } from '../testing/otlp-receiver.ts'
import { createWorkersTelemetry } from './workers-telemetry.ts'

let receiver: OtlpReceiver
beforeEach(async () => {
  receiver = await startOtlpReceiver()
})
afterEach(async () => {
  vi.useRealTimers()
  await receiver[Symbol.asyncDispose]()
})

/** An isolate, what its requests still wait for, and how to ask it. */
function createIsolate() {
  const telemetry = createWorkersTelemetry()
  const app = new Hono().get('/', (c) => {
    telemetry.log({ severity: 'info', event: 'asked', message: 'asked' })
    return c.text('hello')
  })
  const fetch = telemetry.trace(app)
  const works: Promise<unknown>[] = []
  const executionCtx = {
    waitUntil: (work: Promise<unknown>) => works.push(work),
    passThroughOnException() {},
    props: {},
  }
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
  return { works, ask: async () => fetch(new Request('http://localhost/'), env, executionCtx) }
}

test('requests that end at the same time send together, and those after them by themselves', async () => {
  const { works, ask } = createIsolate()
  await Promise.all(Array.from({ length: 20 }, ask))
  expect(works).toHaveLength(1)
  await Promise.all(works)
  expect(receiver.spans()).toHaveLength(20)
  expect(receiver.records()).toHaveLength(20)
  expect(receiver.requests).toHaveLength(2)

  await ask()
  await Promise.all(works)
  expect(receiver.spans()).toHaveLength(21)
})

test('a request that was called off before it sent is not waited for', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'Date'] })
  const { works, ask } = createIsolate()
  await ask()
  vi.clearAllTimers()
  vi.advanceTimersByTime(60)
  await ask()
  expect(works).toHaveLength(2)
  vi.advanceTimersByTime(60)
  vi.useRealTimers()
  await works[1]
  expect(receiver.spans()).toHaveLength(2)
})
