import { describe, expect, test } from 'vitest'
import {
  buildAttributes,
  buildGroup,
  buildLogRecord,
  buildSpan,
  traceIdOf,
} from './testing/build-telemetry.ts'
import { post, readStatus, sendLogs, sendSpans } from './testing/send.ts'
import { startTestCollector } from './testing/start-test-collector.ts'

describe('metrics', () => {
  test('are there as soon as a span is, in the format that was asked for', async () => {
    await using collector = await startTestCollector()
    const attributes = buildAttributes({ 'http.route': '/api/v1/todos' })
    await sendSpans(collector, [buildGroup([buildSpan({ attributes })])])
    const read = async (accept: string) => {
      const response = await fetch(`${collector.url}/metrics`, { headers: { accept } })
      return { type: response.headers.get('content-type'), body: await response.text() }
    }
    const calls =
      /^traces_spanmetrics_calls_total\{(?=.*hono_runtime_name="node")(?=.*http_route="\/api\/v1\/todos").*\} 1(\.0)?$/m

    const text = await read('*/*')
    expect(text.type).toContain('text/plain; version=0.0.4')
    expect(text.body).toMatch(calls)
    expect(text.body).toMatch(/^traces_spanmetrics_latency_bucket\{.*le="0\.002"\} 1$/m)
    expect(text.body).toMatch(/^otelcol_receiver_accepted_spans_total\{receiver="otlp"\} 1$/m)

    const open = await read('application/openmetrics-text; version=1.0.0')
    expect(open.type).toContain('application/openmetrics-text')
    expect(open.body).toMatch(/# \{.*trace_id="0+1"/)
    expect(open.body.endsWith('# EOF\n')).toBe(true)
  })

  test('count a span that was sent again once, and the page lists it and its log record once', async () => {
    await using collector = await startTestCollector()
    const record = (traceId: string) =>
      `{"timeUnixNano":"1767225600000000000","traceId":"${traceId}","body":{"stringValue":"once"}}`
    const records = [record(traceIdOf(1)), record('')]
    for (let count = 0; count < 3; count += 1) {
      await sendSpans(collector, [buildGroup([buildSpan()])])
      const body = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[${records}]}]}]}`
      await post(collector, body, {}, '/v1/logs')
    }

    const text = await (await fetch(`${collector.url}/metrics`)).text()
    expect(text).toMatch(/^traces_spanmetrics_calls_total\{.*\} 1$/m)
    expect(text).toMatch(/^traces_spanmetrics_latency_count\{.*\} 1$/m)
    expect(text).toMatch(/^collector_duplicate_spans_total\{receiver="otlp"\} 2$/m)
    expect(await readStatus(collector)).toMatchObject({
      stored: { spans: 1, logRecords: 1, looseLogRecords: 1 },
      duplicateSpans: 2,
      duplicateLogRecords: 4,
    })
  })

  test('equal log records of one request are as many events', async () => {
    await using collector = await startTestCollector()
    const record = '{"timeUnixNano":"1767225600000000000","body":{"stringValue":"twice"}}'
    const inTrace = `{"traceId":"${traceIdOf(1)}",${record.slice(1)}`
    const body = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[${record},${record},${inTrace},${inTrace}]}]}]}`
    await post(collector, body, {}, '/v1/logs')

    expect(await readStatus(collector)).toMatchObject({
      stored: { logRecords: 2, looseLogRecords: 2 },
      duplicateLogRecords: 0,
    })
  })

  test('a large batch of log records of one time is known again, also after another', async () => {
    await using collector = await startTestCollector()
    const send = (text: string) => {
      const records = Array.from({ length: 3_000 }, (_, n) => {
        const traceId = n % 2 === 0 ? traceIdOf(1) : ''
        return buildLogRecord({ traceId, attributes: buildAttributes({ text, n: BigInt(n) }) })
      })
      return sendLogs(collector, [buildGroup(records)])
    }
    for (const text of ['one', 'two', 'one', 'two']) await send(text)

    expect(await readStatus(collector)).toMatchObject({
      stored: { logRecords: 3_000, looseLogRecords: 3_000 },
      duplicateLogRecords: 6_000,
    })
  })

  test('log records that came without a time are each an event', async () => {
    await using collector = await startTestCollector()
    const record = buildLogRecord({ timeNanos: 0n, observedTimeNanos: 0n })
    for (let count = 0; count < 3; count += 1) await sendLogs(collector, [buildGroup([record])])

    expect(await readStatus(collector)).toMatchObject({ stored: { looseLogRecords: 3 } })
  })

  test('that are sent to it are taken and counted', async () => {
    await using collector = await startTestCollector()
    const point = '{"asInt":"1","timeUnixNano":"1"}'
    const body = `{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"a","gauge":{"dataPoints":[${point},${point}]}}]}]}]}`
    const response = await post(collector, body, {}, '/v1/metrics')

    expect(response.status).toBe(200)
    expect(await readStatus(collector)).toMatchObject({ received: { dataPoints: 2 } })
  })
})
