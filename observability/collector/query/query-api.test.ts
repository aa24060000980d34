import { describe, expect, test } from 'vitest'
import { parseTracesJson } from '../../otlp/decode-json.ts'
import type { TracePage } from '../../wire/traces.ts'
import {
  buildAttributes,
  buildGroup,
  buildLogRecord,
  buildSpan,
  epochNanos,
  spanIdOf,
  traceIdOf,
} from '../testing/build-telemetry.ts'
import { post, readStatus, sendLogs, sendSpans } from '../testing/send.ts'
import { ask, startTestCollector } from '../testing/start-test-collector.ts'

describe('a question', () => {
  test('about one trace is answered with its spans in order and its log records', async () => {
    await using collector = await startTestCollector()
    const spanAt = (id: number, millis: bigint) =>
      buildSpan({
        spanId: spanIdOf(id),
        parentSpanId: id === 1 ? '' : spanIdOf(1),
        name: `span ${id}`,
        startNanos: epochNanos + millis * 1_000_000n,
        attributes: buildAttributes({ int: 200n, double: 200, text: '200' }),
      })
    await sendSpans(collector, [buildGroup([spanAt(3, 30n)], { scope: 'b' })])
    await sendSpans(collector, [buildGroup([spanAt(2, 20n), spanAt(1, 10n)], { scope: 'a' })])
    await sendSpans(collector, [buildGroup([spanAt(4, 5n)], { runtime: 'deno' })])
    await sendLogs(collector, [buildGroup([buildLogRecord({ traceId: traceIdOf(1) })])])

    const response = await fetch(`${collector.url}/api/traces/${traceIdOf(1)}`)
    const body = await response.text()
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(JSON.parse(body)).toMatchObject({
      traceId: traceIdOf(1),
      resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: 'listed' } }] }] }],
    })
    // What is answered is OTLP/JSON again: our own decoder reads it, types and all.
    const groups = parseTracesJson(body)
    expect(
      groups.map(({ scopes }) =>
        scopes.map(({ scope, items }) => [scope.name, items.map(({ name }) => name)]),
      ),
    ).toEqual([
      [['test', ['span 4']]],
      [
        ['a', ['span 1', 'span 2']],
        ['b', ['span 3']],
      ],
    ])
    expect(groups[1]?.scopes[0]?.items[0]).toEqual(spanAt(1, 10n))
  })

  test.each([
    ['without a time', { timeNanos: 0n, observedTimeNanos: 0n }],
    ['of the year 2554', { timeNanos: 2n ** 64n - 1n, observedTimeNanos: 0n }],
  ])('about the log records of now finds one %s', async (_, times) => {
    await using collector = await startTestCollector()
    const start = new Date().toISOString()
    for (const traceId of ['', traceIdOf(1)]) {
      await sendLogs(collector, [buildGroup([buildLogRecord({ ...times, traceId })])])
    }

    const end = new Date(Date.now() + 1_000).toISOString()
    const { logs } = await ask<{ logs: { time: string }[] }>(
      collector,
      `/api/logs?start=${start}&end=${end}`,
    )
    expect(logs.map(({ time }) => time >= start)).toEqual([true, true])
  })

  test('about a trace is answered in full only when it has changed', async () => {
    await using collector = await startTestCollector()
    const url = `${collector.url}/api/traces/${traceIdOf(1)}`
    await sendSpans(collector, [buildGroup([buildSpan()])])
    const etag = (await fetch(url)).headers.get('etag') ?? ''
    const headers = { 'if-none-match': etag }
    const same = await fetch(url, { headers })
    expect([same.status, await same.text()]).toEqual([304, ''])

    await sendLogs(collector, [buildGroup([buildLogRecord({ traceId: traceIdOf(1) })])])
    const changed = await fetch(url, { headers })
    expect(changed.status).toBe(200)
    expect(changed.headers.get('etag')).not.toBe(etag)
  })

  test('about a trace with log records only has an empty list of spans', async () => {
    await using collector = await startTestCollector()
    await sendLogs(collector, [buildGroup([buildLogRecord({ traceId: traceIdOf(1) })])])

    expect(await ask(collector, `/api/traces/${traceIdOf(1)}`)).toMatchObject({
      resourceSpans: [],
      resourceLogs: [{}],
    })
  })

  test('may give a trace id in upper case', async () => {
    await using collector = await startTestCollector()
    const traceId = 'abcdef'.padEnd(32, '0')
    await sendSpans(collector, [buildGroup([buildSpan({ traceId })])])

    expect(await ask(collector, `/api/traces/${traceId.toUpperCase()}`)).toMatchObject({ traceId })
  })

  test('finds traces and log records over HTTP', async () => {
    await using collector = await startTestCollector()
    await sendSpans(collector, [
      buildGroup([buildSpan({ traceId: traceIdOf(1), name: 'GET /a b' })]),
      buildGroup([buildSpan({ traceId: traceIdOf(2) })], { runtime: 'bun' }),
    ])
    await sendLogs(collector, [
      buildGroup([
        buildLogRecord({ traceId: traceIdOf(1), severityNumber: 17, body: 'bad' }),
        buildLogRecord({ body: 'good' }),
      ]),
    ])

    const byOperation = await ask<TracePage>(collector, '/api/traces?operation=GET+/a%20b')
    expect(byOperation.traces.map(({ traceId }) => traceId)).toEqual([traceIdOf(1)])
    expect(await ask(collector, '/api/logs?severity=warn')).toMatchObject({
      logs: [{ body: 'bad', severity: 'error', traceId: traceIdOf(1) }],
    })
    expect(await ask(collector, `/api/logs?traceId=${traceIdOf(1)}`)).toMatchObject({
      logs: [{ body: 'bad' }],
    })
    expect(await ask(collector, `/api/logs?traceId=${traceIdOf(9)}`)).toMatchObject({ logs: [] })
  })

  test('is asked again for what has arrived since, however late it began', async () => {
    await using collector = await startTestCollector()
    await sendSpans(collector, [buildGroup([buildSpan({ traceId: traceIdOf(1) })])])
    const first = await ask<{ arrival: string }>(collector, '/api/traces')
    const nothing = await ask(collector, `/api/traces?since=${first.arrival}`)
    expect(nothing).toEqual({ traces: [], arrival: first.arrival })
    expect(await ask(collector, `/api/logs?since=${first.arrival}`)).toMatchObject({ logs: [] })

    const startNanos = epochNanos - 3_600_000_000_000n
    const late = buildSpan({ traceId: traceIdOf(2), startNanos, endNanos: startNanos + 1n })
    await sendSpans(collector, [buildGroup([late])])
    await sendLogs(collector, [buildGroup([buildLogRecord({ timeNanos: startNanos })])])

    expect(await ask(collector, `/api/traces?since=${first.arrival}`)).toMatchObject({
      traces: [{ traceId: traceIdOf(2) }],
    })
    expect(await ask(collector, `/api/logs?since=${first.arrival}`)).toMatchObject({
      logs: [{ body: 'listed' }],
    })
    expect(await ask(collector, '/api/traces?since=yesterday')).toMatchObject({ status: 400 })
  })

  test('lists who sends, with what is stored of them', async () => {
    await using collector = await startTestCollector()
    const startMillis = Date.now()
    await sendSpans(collector, [
      buildGroup([buildSpan({ spanId: spanIdOf(1) }), buildSpan({ spanId: spanIdOf(2) })]),
      buildGroup([buildSpan({ spanId: spanIdOf(3) })], { runtime: 'bun', service: 'other' }),
      buildGroup([buildSpan({ spanId: spanIdOf(4) })], { runtime: '', service: '' }),
    ])
    await sendLogs(collector, [
      buildGroup([buildLogRecord(), buildLogRecord()], { runtime: 'bun' }),
    ])

    const seen = { lastSeen: expect.stringMatching(/^\d{4}-.*Z$/) }
    const runtimes = await ask<{ runtimes: { lastSeen: string }[] }>(collector, '/api/runtimes')
    expect(runtimes).toEqual({
      runtimes: [
        { name: 'bun', traceCount: 1, spanCount: 1, logCount: 2, ...seen },
        { name: 'node', traceCount: 1, spanCount: 2, logCount: 0, ...seen },
      ],
    })
    expect(Date.parse(runtimes.runtimes[0]?.lastSeen ?? '')).toBeGreaterThanOrEqual(startMillis)
    expect(await ask(collector, '/api/services')).toMatchObject({
      services: [
        { name: 'other', traceCount: 1, spanCount: 1, logCount: 0 },
        { name: 'todo-api', traceCount: 1, spanCount: 2, logCount: 2 },
      ],
    })
  })

  test('is answered with a problem document when it cannot be answered', async () => {
    await using collector = await startTestCollector()
    const read = async (path: string, method = 'GET') => {
      const response = await fetch(`${collector.url}${path}`, { method })
      expect(response.headers.get('content-type')).toBe('application/problem+json')
      return { allow: response.headers.get('allow'), ...JSON.parse(await response.text()) }
    }

    expect(await read(`/api/traces/${traceIdOf(7)}`)).toMatchObject({
      status: 404,
      detail: `trace ${traceIdOf(7)} is not stored, or no longer`,
    })
    expect(await read('/api/traces/xyz')).toEqual({
      allow: null,
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      detail: 'trace id: expected 32 hex digits, got "xyz"',
    })
    expect(await read('/api/traces?limt=3')).toMatchObject({
      status: 400,
      detail: expect.stringMatching(/^unknown parameter "limt", expected one of runtime, /),
    })
    expect(await read('/api/nothing')).toMatchObject({ status: 404 })
    expect(await read('/constructor')).toMatchObject({ status: 404 })
    expect(await read('/api/logs', 'POST')).toMatchObject({ status: 405, allow: 'GET' })
    expect(await read('/api/traces', 'PUT')).toMatchObject({ status: 405, allow: 'GET, DELETE' })
  })

  test('is answered the same for HEAD, without the body', async () => {
    await using collector = await startTestCollector()
    const response = await fetch(`${collector.url}/api/traces`, { method: 'HEAD' })

    expect([response.status, await response.text()]).toEqual([200, ''])
  })

  test('at the root is answered with what there is to ask', async () => {
    await using collector = await startTestCollector()
    const response = await fetch(collector.url)

    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(await response.text()).toContain('/api/traces/{traceId}')
  })

  test('about its state is answered with counts, bounds and version', async () => {
    await using collector = await startTestCollector({ bounds: { tracesMax: 1 } })
    await sendSpans(collector, [buildGroup([buildSpan({ traceId: traceIdOf(1) })])])
    await sendSpans(collector, [buildGroup([buildSpan({ traceId: traceIdOf(2) })])])
    await post(collector, '[')

    expect(await readStatus(collector)).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      received: { requests: 2, spans: 2 },
      rejected: { requests: { 400: 1 } },
      stored: { traces: 1, spans: 1 },
      evicted: { traces: 1, spans: 1 },
      spanMetrics: { resources: 1 },
      forward: null,
      bounds: { tracesMax: 1 },
    })
  })
})

test('everything can be forgotten', async () => {
  await using collector = await startTestCollector()
  await sendSpans(collector, [buildGroup([buildSpan()])])
  await sendLogs(collector, [buildGroup([buildLogRecord()])])
  const response = await fetch(`${collector.url}/api/traces`, { method: 'DELETE' })

  expect([response.status, await response.json()]).toEqual([
    200,
    { undo: '/api/cleared/1', undoMillis: 10_000 },
  ])
  expect(await readStatus(collector)).toMatchObject({
    stored: { traces: 0, spans: 0, looseLogRecords: 0, bytes: 0 },
  })
})
