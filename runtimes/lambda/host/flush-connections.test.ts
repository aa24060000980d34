import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import {
  type OtlpReceiver,
  startOtlpReceiver,
  urlOf,
} from '../../../observability/telemetry/testing/otlp-receiver.ts'
import { launchNotes } from '../../contract/testing/launch-notes.ts'
import { findRuntimes } from '../../runtimes.ts'
import type { TestService } from '../../testing/launch-for-test.ts'

/** More than the second that is the default, for machines that are busy elsewhere. */
const timeoutMillis = 3000

function launchFunction(collectorUrl: string): Promise<TestService> {
  const [lambda] = findRuntimes(['lambda'])
  if (lambda === undefined) throw new Error('expected lambda in the list')
  return launchNotes(lambda, {
    OTEL_EXPORTER_OTLP_ENDPOINT: collectorUrl,
    OTEL_EXPORTER_OTLP_TIMEOUT: String(timeoutMillis),
  })
}

/** What arrived of a request by the time that it was answered, and how long that took. */
async function ask(service: TestService, receiver: OtlpReceiver) {
  const since = performance.now()
  const response = await fetch(`${service.url}/notes`)
  await response.arrayBuffer()
  const millis = performance.now() - since
  const traceId = response.headers.get('x-trace-id')
  const ofRequest = ({ item }: { readonly item: { readonly traceId: string } }) =>
    item.traceId === traceId
  return {
    millis,
    spans: receiver.spans().filter(ofRequest).length,
    records: receiver.records().filter(ofRequest).length,
  }
}

const whole = { spans: 2, records: 1 }

test('events that follow each other within a second share a connection for each signal', async () => {
  await using receiver = await startOtlpReceiver()
  await using service = await launchFunction(receiver.url)

  const countNew = async () => {
    const before = receiver.connections()
    for (let event = 0; event < 4; event += 1)
      expect(await ask(service, receiver)).toMatchObject(whole)
    return receiver.connections() - before
  }
  // A machine that is busy elsewhere may take more than a second over one.
  await expect.poll(countNew, { timeout: 10_000 }).toBe(0)
})

test('connections that were closed while the function stood still lose nothing', async () => {
  await using receiver = await startOtlpReceiver()
  await using service = await launchFunction(receiver.url)
  for (const millis of [100, 100, 2000]) {
    expect(await ask(service, receiver)).toMatchObject(whole)
    await delay(millis / 2)
    receiver.closeConnections()
    await delay(millis / 2)

    expect(await ask(service, receiver)).toMatchObject(whole)
  }
})

test('nor do connections that were forgotten on the way, without a word', async () => {
  await using receiver = await startOtlpReceiver()
  await using network = await startForgetfulNetwork(Number(new URL(receiver.url).port))
  await using service = await launchFunction(network.url)
  expect(await ask(service, receiver)).toMatchObject(whole)
  network.forget()
  await delay(1500)

  const { millis, ...arrived } = await ask(service, receiver)
  expect(arrived).toEqual(whole)
  // Over the old ones nobody would have answered.
  expect(millis).toBeLessThan(timeoutMillis * 0.9)
})

/** Passes everything on to a port, and from `forget` on nothing more of the connections that there are. */
async function startForgetfulNetwork(
  port: number,
): Promise<AsyncDisposable & { readonly url: string; forget(): void }> {
  const links: [near: Socket, far: Socket][] = []
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    links.push([near, far])
    near.on('error', () => far.destroy()).pipe(far)
    far.on('error', () => near.destroy()).pipe(near)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: urlOf(server.address()),
    forget() {
      for (const [near, far] of links) {
        near.unpipe(far).resume()
        far.unpipe(near).destroy()
      }
    },
    async [Symbol.asyncDispose]() {
      for (const [near] of links) near.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
