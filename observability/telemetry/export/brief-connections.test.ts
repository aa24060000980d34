import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { parseTelemetrySettings } from '../settings/settings.ts'
import { type OtlpReceiver, startOtlpReceiver } from '../testing/otlp-receiver.ts'
import { Batch } from './batch.ts'
import { type BriefConnections, createBriefConnections } from './brief-connections.ts'
import { createSpanSend, type Send } from './exporters.ts'

let receiver: OtlpReceiver
let connections: BriefConnections
let send: Send<Batch>
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  receiver = await startOtlpReceiver()
  connections = createBriefConnections()
  const { traces } = parseTelemetrySettings({
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_TIMEOUT: '300',
  })
  send = createSpanSend(traces, connections)
})
afterEach(async () => {
  vi.useRealTimers()
  await receiver[Symbol.asyncDispose]()
})

/** A batch with nothing in it is a request all the same. */
async function sendAfter(millis: number): Promise<void> {
  vi.setSystemTime(Date.now() + millis)
  connections.closeIdle()
  await send(new Batch({ lengthMax: 0, write: () => 0 }, 0))
}

test('a connection that was used within the last second is used again', async () => {
  for (const millis of [0, 1000, 1000, 1000]) await sendAfter(millis)
  expect(receiver.requests).toHaveLength(4)
  expect(receiver.connections()).toBe(1)
})

test('one that was not is closed, and another is opened', async () => {
  for (const millis of [0, 1001, 86_400_000]) await sendAfter(millis)
  expect(receiver.requests).toHaveLength(3)
  expect(receiver.connections()).toBe(3)
})

test('one that waits for an answer is never closed', async () => {
  let answerLate = () => {}
  receiver.answerWith((outgoing) => {
    answerLate = () => outgoing.writeHead(200).end()
  })
  const sending = sendAfter(0)
  await expect.poll(() => receiver.requests.length).toBe(1)
  vi.setSystemTime(Date.now() + 5000)
  connections.closeIdle()
  answerLate()
  await sending
  expect(receiver.requests).toHaveLength(1)
})
