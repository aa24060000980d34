import { request as openRequest } from 'node:http'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { parseMetricsJson, parseTracesJson } from '../otlp/decode-json.ts'
import { encodeLogsJson, encodeTracesJson } from '../otlp/encode-json.ts'
import type { ResourceLogs, ResourceSpans } from '../otlp/model.ts'
import type { TracePage } from './query/search-traces.ts'
import type { CollectorStatus } from './read-status.ts'
import {
  buildAttributes,
  buildGroup,
  buildLogRecord,
  buildSpan,
  epochNanos,
  spanIdOf,
  traceIdOf,
} from './testing/build-telemetry.ts'
import { answerWith, startDestination } from './testing/start-destination.ts'
import { ask, startTestCollector } from './testing/start-test-collector.ts'

type Target = { readonly url: string }

const post = (target: Target, path: string, body: string, headers: Record<string, string> = {}) =>
  fetch(`${target.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })

const sendSpans = (target: Target, groups: readonly ResourceSpans[]) =>
  post(target, '/v1/traces', encodeTracesJson(groups))

const sendLogs = (target: Target, groups: readonly ResourceLogs[]) =>
  post(target, '/v1/logs', encodeLogsJson(groups))

/** `fetch` sets the host by itself, so a request under another name is made by hand. */
function askAs(
  target: Target,
  host: string,
  path: string,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    openRequest(`${target.url}${path}`, { headers: { host } })
      .on('error', reject)
      .on('response', (response) => {
        void text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }))
      })
      .end()
  })
}

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
    expect(await ask(collector, `/api/logs?traceId=${traceIdOf(9)}`)).toEqual({ logs: [] })
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
    await post(collector, '/v1/traces', '[')

    expect(await ask<CollectorStatus>(collector, '/api/status')).toMatchObject({
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

  test('that are sent to it are taken and counted', async () => {
    await using collector = await startTestCollector()
    const point = '{"asInt":"1","timeUnixNano":"1"}'
    const body = `{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"a","gauge":{"dataPoints":[${point},${point}]}}]}]}]}`
    const response = await post(collector, '/v1/metrics', body)

    expect(response.status).toBe(200)
    expect(await ask(collector, '/api/status')).toMatchObject({ received: { dataPoints: 2 } })
  })
})

describe('a page of another origin', () => {
  const questions = ['/', '/api/traces', '/api/status', '/metrics', `/api/traces/${traceIdOf(1)}`]

  test.each(questions)('reads nothing from %s by making its own name lead here', async (path) => {
    await using collector = await startTestCollector()
    const { status, body } = await askAs(collector, `evil.example:${collector.port}`, path)

    expect(status).toBe(421)
    expect(JSON.parse(body).detail).toMatch(/^this collector does not answer to the host "evil\./)
  })

  test('is allowed to read nothing', async () => {
    await using collector = await startTestCollector({ corsOrigins: ['*'] })
    for (const path of questions) {
      const response = await fetch(`${collector.url}${path}`, {
        headers: { origin: 'https://evil.example' },
      })
      expect(response.headers.get('access-control-allow-origin')).toBeNull()
    }
  })

  test('deletes nothing, because the browser asks first and is told no', async () => {
    await using collector = await startTestCollector({ corsOrigins: ['*'] })
    const preflight = await fetch(`${collector.url}/api/traces`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'DELETE' },
    })

    expect(preflight.status).toBe(405)
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull()
  })
})

test('a name that is allowed is answered', async () => {
  await using collector = await startTestCollector({ allowedHosts: ['collector'] })

  expect((await askAs(collector, 'collector:4318', '/api/status')).status).toBe(200)
  expect((await askAs(collector, 'localhost:1', '/api/status')).status).toBe(200)
})

test('readiness and telemetry do not depend on the name', async () => {
  await using collector = await startTestCollector()
  const ready = await askAs(collector, 'anything', '/ready')
  expect(ready).toEqual({ status: 200, body: 'ready\n' })

  const sent = await askAs(collector, 'anything', '/v1/traces')
  expect(sent.status).toBe(405) // a GET, but it was let in
})

test('everything can be forgotten', async () => {
  await using collector = await startTestCollector()
  await sendSpans(collector, [buildGroup([buildSpan()])])
  await sendLogs(collector, [buildGroup([buildLogRecord()])])
  const response = await fetch(`${collector.url}/api/traces`, { method: 'DELETE' })

  expect([response.status, await response.text()]).toEqual([204, ''])
  expect(await ask(collector, '/api/status')).toMatchObject({
    stored: { traces: 0, spans: 0, looseLogRecords: 0, bytes: 0 },
  })
})

describe('forwarding', () => {
  test('passes on all three signals unchanged, and the span metrics', async () => {
    await using destination = await startDestination()
    const collector = await startTestCollector({ forward: { endpoint: destination.url } })
    const traces = encodeTracesJson([buildGroup([buildSpan()])])
    await post(collector, '/v1/traces', traces)
    await post(collector, '/v1/logs', '{"resourceLogs":[]}')
    await post(collector, '/v1/metrics', '{"resourceMetrics":[]}')
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

  test('neither delays nor fails a sender while the destination is away', async () => {
    await using destination = await startDestination(answerWith(503))
    await using collector = await startTestCollector({ forward: { endpoint: destination.url } })
    for (let n = 1; n <= 20; n += 1) {
      const sent = await sendSpans(collector, [buildGroup([buildSpan({ traceId: traceIdOf(n) })])])
      expect(sent.status).toBe(200)
    }

    expect(await ask<CollectorStatus>(collector, '/api/status')).toMatchObject({
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

    await expect
      .poll(() => ask<CollectorStatus>(second, '/api/status'))
      .toMatchObject({ forward: { refused: 1 } })
    expect(await ask<CollectorStatus>(first, '/api/status')).toMatchObject({
      received: { requests: 1 },
      rejected: { requests: { 508: 1 } },
    })
  })
})

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
      'listening on 0.0.0.0, not only on this machine: whoever reaches it can send telemetry',
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
    await expect
      .poll(() => ask<CollectorStatus>(collector, '/api/status'))
      .toMatchObject({ inFlight: { requests: 1 } })
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

  test('takes 3 seconds at the most, whatever hangs', async () => {
    await using destination = await startDestination(() => {})
    const collector = await startTestCollector({ forward: { endpoint: destination.url } })
    await sendSpans(collector, [buildGroup([buildSpan()])])
    const hanging = openRequest(`${collector.url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': 10 },
    })
    hanging.on('error', () => {}).write('{')
    await expect
      .poll(() => ask<CollectorStatus>(collector, '/api/status'))
      .toMatchObject({ inFlight: { requests: 1 } })
    const startMillis = performance.now()
    await collector.close()

    expect(performance.now() - startMillis).toBeLessThan(3_000)
  })
})
