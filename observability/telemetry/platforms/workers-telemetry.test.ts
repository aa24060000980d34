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
  const ask = async (ctx: unknown = executionCtx) =>
    fetch(new Request('http://localhost/'), env, ctx)
  return { works, ask }
}

test('requests that end at the same time send together, and those after them by themselves', async () => {
  const { works, ask } = createIsolate()
  await Promise.all(Array.from({ length: 20 }, () => ask()))
  await Promise.all(works)
  expect(receiver.spans()).toHaveLength(20)
  expect(receiver.records()).toHaveLength(20)
  expect(receiver.requests).toHaveLength(2)

  await ask()
  await Promise.all(works)
  expect(receiver.spans()).toHaveLength(21)
})

test('a request that was called off before it sent leaves it to those that came after it', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'Date'] })
  const { works, ask } = createIsolate()
  await ask()
  vi.clearAllTimers()
  await ask()
  vi.advanceTimersByTime(100)
  vi.useRealTimers()
  await works[1]
  expect(receiver.spans()).toHaveLength(2)
})

test('of those that end at the same time two wait: one to send, and one to see that it did', async () => {
  const { works, ask } = createIsolate()
  await Promise.all(Array.from({ length: 20 }, () => ask()))
  expect(works).toHaveLength(2)
})

test('if both are called off, a request that ends later sends', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'Date'] })
  const { works, ask } = createIsolate()
  await ask()
  await ask()
  vi.clearAllTimers()
  vi.advanceTimersByTime(50)
  await ask()
  vi.advanceTimersByTime(50)
  vi.useRealTimers()
  await works[2]
  expect(receiver.spans()).toHaveLength(3)
})

test('a request that cannot wait leaves it to the next that can', async () => {
  const { works, ask } = createIsolate()
  await ask(null)
  await ask({ waitUntil: undefined })
  await ask()
  await Promise.all(works)
  await expect.poll(() => receiver.spans().length).toBe(3)
})
