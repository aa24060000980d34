import { once } from 'node:events'
import { request as openRequest } from 'node:http'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { encodeTracesJson } from '../otlp/encode-json.ts'
import { buildGroup, buildSpan } from './testing/build-telemetry.ts'
import { readStatus, sendSpans } from './testing/send.ts'
import { startDestination } from './testing/start-destination.ts'
import { startTestCollector } from './testing/start-test-collector.ts'

describe('starting', () => {
  test('on a port that is taken says which', async () => {
    await using taken = await startTestCollector()

    await expect(startTestCollector({ port: taken.port })).rejects.toThrow(
      `port ${taken.port} on 127.0.0.1 is in use: stop what listens there, or choose another with --port`,
    )
  })

  test('on an address of another machine says so', async () => {
    await expect(startTestCollector({ host: '192.0.2.1' })).rejects.toThrow(
      'host 192.0.2.1 is not an address of this machine',
    )
  })

  test('on every address warns, and answers under the local names', async () => {
    const lines: string[] = []
    await using collector = await startTestCollector({
      host: '0.0.0.0',
      log: (line) => lines.push(line),
    })

    expect(lines).toEqual([
      'listening on 0.0.0.0, not only on this machine: everybody who reaches it can send telemetry',
    ])
    expect((await fetch(`${collector.url}/api/status`)).status).toBe(200)
  })
})

describe('closing', () => {
  test('lets a request finish that is under way', async () => {
    const collector = await startTestCollector()
    const body = gzipSync(encodeTracesJson([buildGroup([buildSpan()])]))
    const request = openRequest(`${collector.url}/v1/traces`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-encoding': 'gzip',
        'content-length': body.length,
      },
    })
    request.write(body.subarray(0, 10))
    await expect.poll(() => readStatus(collector)).toMatchObject({ inFlight: { requests: 1 } })
    const status = new Promise((resolve, reject) => {
      request
        .on('error', reject)
        .on('response', (response) => resolve(response.resume().statusCode))
    })
    const closed = collector.close()
    request.end(body.subarray(10))

    expect(await status).toBe(200)
    await closed
    await expect(fetch(collector.url)).rejects.toThrow('fetch failed')
  })

  test('does not wait for a connection on which nothing was sent', async () => {
    const collector = await startTestCollector()
    const unused = connect(collector.port, '127.0.0.1')
    await once(unused, 'connect')
    await readStatus(collector)
    const startMillis = performance.now()
    await collector.close()

    expect(performance.now() - startMillis).toBeLessThan(1_000)
    unused.destroy()
  })

  test('takes 3 seconds at the most, whatever hangs', async () => {
    await using destination = await startDestination(() => {})
    const collector = await startTestCollector({ forward: { endpoint: destination.url } })
    await sendSpans(collector, [buildGroup([buildSpan()])])
    const hanging = openRequest(`${collector.url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': 10 },
    })
    hanging.on('error', () => {}).write('{')
    await expect.poll(() => readStatus(collector)).toMatchObject({ inFlight: { requests: 1 } })
    const startMillis = performance.now()
    await collector.close()

    expect(performance.now() - startMillis).toBeLessThan(3_000)
  })
})
