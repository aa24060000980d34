import { describe, expect, test } from 'vitest'
import { parseMetricsJson } from '../../otlp/decode-json.ts'
import { encodeTracesJson } from '../../otlp/encode-json.ts'
import { buildGroup, buildSpan, traceIdOf } from '../testing/build-telemetry.ts'
import { post, readStatus, sendSpans } from '../testing/send.ts'
import { answerWith, startDestination } from '../testing/start-destination.ts'
import { startTestCollector, testConfig } from '../testing/start-test-collector.ts'

describe('forwarding', () => {
  test('passes on all three signals unchanged, and the span metrics', async () => {
    await using destination = await startDestination()
    const collector = await startTestCollector({ forward: { endpoint: destination.url } })
    const traces = encodeTracesJson([buildGroup([buildSpan()])])
    await post(collector, traces)
    await post(collector, '{"resourceLogs":[]}', {}, '/v1/logs')
    await post(collector, '{"resourceMetrics":[]}', {}, '/v1/metrics')
    await collector.close()

    const bodies = destination.arrivals.map(({ path, body }) => [path, body.toString()])
    expect(bodies).toContainEqual(['/v1/traces', traces])
    expect(bodies).toContainEqual(['/v1/logs', '{"resourceLogs":[]}'])
    expect(bodies).toContainEqual(['/v1/metrics', '{"resourceMetrics":[]}'])
    const [, spanMetrics = ''] = bodies.find(([, body]) => body?.includes('spanmetrics')) ?? []
    const [group] = parseMetricsJson(spanMetrics)
    expect(group?.scopes[0]?.items.map(({ name }) => name)).toEqual([
      'traces.spanmetrics.calls',
      'traces.spanmetrics.latency',
    ])
  })

  test('includes the span metrics once per interval', async () => {
    await using destination = await startDestination()
    const spanMetrics = { ...testConfig.spanMetrics, flushIntervalMillis: 100 }
    await using collector = await startTestCollector({
      config: { ...testConfig, spanMetrics },
      forward: { endpoint: destination.url },
    })
    await sendSpans(collector, [buildGroup([buildSpan()])])

    await expect
      .poll(() => destination.arrivals.filter(({ path }) => path === '/v1/metrics').length)
      .toBeGreaterThanOrEqual(2)
  })

  test('neither delays nor fails a sender while the destination is away', async () => {
    await using destination = await startDestination(answerWith(503))
    await using collector = await startTestCollector({ forward: { endpoint: destination.url } })
    for (let n = 1; n <= 20; n += 1) {
      const sent = await sendSpans(collector, [buildGroup([buildSpan({ traceId: traceIdOf(n) })])])
      expect(sent.status).toBe(200)
    }

    expect(await readStatus(collector)).toMatchObject({
      stored: { traces: 20 },
      forward: { endpoint: destination.url, delivered: 0, isFailing: true },
    })
  })

  test('to itself is refused at the start, and the port is free again', async () => {
    const free = await startDestination()
    const port = free.port
    await free[Symbol.asyncDispose]()
    const endpoint = `http://localhost:${port}`

    await expect(startTestCollector({ port, forward: { endpoint } })).rejects.toThrow(
      `forward endpoint ${endpoint} is this collector itself, expected another one`,
    )
    await using collector = await startTestCollector({ port })
    expect(collector.port).toBe(port)
  })

  test('in a circle ends after one round', async () => {
    const free = await startDestination()
    const port = free.port
    await free[Symbol.asyncDispose]()
    await using first = await startTestCollector({
      forward: { endpoint: `http://127.0.0.1:${port}` },
    })
    await using second = await startTestCollector({ port, forward: { endpoint: first.url } })
    await sendSpans(first, [buildGroup([buildSpan()])])

    await expect.poll(() => readStatus(second)).toMatchObject({ forward: { refused: 1 } })
    expect(await readStatus(first)).toMatchObject({
      received: { requests: 1 },
      rejected: { requests: { 508: 1 } },
    })
  })
})
