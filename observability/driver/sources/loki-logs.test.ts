import { once } from 'node:events'
import { createServer } from 'node:http'
import { expect, test } from 'vitest'
import type { ResourceSpans } from '../../otlp/model.ts'
import { SpanKind } from '../../otlp/model.ts'
import { createSpan, groupDriverSpans, toAttributes } from '../play/client-spans.ts'
import { createRules } from '../play/create-rules.ts'
import { createLokiSource } from './loki-logs.ts'
import { joinLogs, parseLogsAddress, type TraceSource } from './trace-source.ts'

const traceId = '29ab3555b8d10e58ad34f454f4c2b0f6'
const spanId = '2969cee07cbbe458'

function group(kind: number, id: string, attributes: Readonly<Record<string, string>>) {
  const span = createSpan({
    traceId,
    spanId: id,
    parentSpanId: '',
    name: 'a',
    kind,
    startNanos: 0n,
    endNanos: 1n,
    attributes: [],
    status: { code: 0, message: '' },
  })
  const [own] = groupDriverSpans([span], '1')
  if (own === undefined) throw new Error('expected a group, got none')
  return { ...own, resource: { attributes: toAttributes(attributes), droppedAttributesCount: 0 } }
}

const service = { 'service.name': 'todo-api', 'hono.runtime.name': 'node' }
const spans: readonly ResourceSpans[] = [
  group(SpanKind.client, 'f'.repeat(16), { 'service.name': 'todo-compare' }),
  group(SpanKind.server, spanId, service),
]

/** As Loki 3.7 answers it, but for what is of no interest here. */
const stream = {
  detected_level: 'info',
  flags: '1',
  hono_runtime_name: 'node',
  observed_timestamp: '1795374481129000000',
  scope_name: 'todo-everywhere',
  service_name: 'todo-api',
  severity_number: '9',
  severity_text: 'INFO',
  span_id: spanId,
  todo_id: '8d93712c-e9d4-497b-9a35-53370c955af5',
  trace_id: traceId,
}

function answer(...streams: readonly Readonly<Record<string, string>>[]): string {
  const values = [['1795374481129171631', 'todo created']]
  const result = streams.map((one) => ({ stream: one, values }))
  return JSON.stringify({ status: 'success', data: { resultType: 'streams', result, stats: {} } })
}

async function serve(body: string, status = 200) {
  const asked: { readonly url: URL; readonly authorization: string | undefined }[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://loki')
    asked.push({ url, authorization: request.headers.authorization })
    response.writeHead(status, { 'content-type': 'application/json' }).end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

test('a record is what Loki has of it, without what is of its resource or of Loki', async () => {
  await using loki = await serve(answer(stream))
  const [logs] = await createLokiSource(loki.url, { authorization: 'Bearer t' }).fetchLogs(
    traceId,
    spans,
  )
  expect(logs?.resource).toBe(spans[1]?.resource)
  expect(logs?.scopes[0]?.items).toMatchObject([
    {
      timeNanos: 1795374481129171631n,
      traceId,
      spanId,
      severityNumber: 9,
      severityText: 'INFO',
      body: 'todo created',
      attributes: [{ key: 'todo_id', value: stream.todo_id }],
    },
  ])
  expect(loki.asked[0]?.url.pathname).toBe('/loki/api/v1/query_range')
  expect(loki.asked[0]?.url.searchParams.get('query')).toBe(
    `{service_name=~".+"} | trace_id="${traceId}"`,
  )
  expect(loki.asked[0]?.authorization).toBe('Bearer t')
})

test('a record that leads to no span is of whoever served the request', async () => {
  const { span_id: _, ...loose } = stream
  await using loki = await serve(answer(loose))
  const [logs] = await createLokiSource(loki.url, {}).fetchLogs(traceId, spans)
  expect(logs?.resource).toBe(spans[1]?.resource)
  expect(logs?.scopes[0]?.items[0]?.spanId).toBe('')
})

test.each([
  ['{', 'expected streams of Loki: the answer: '],
  ['{"data":{"resultType":"matrix","result":[]}}', 'data.resultType: '],
  [answer(stream).replace('1795374481129171631', 'soon'), 'data.result.0.values.0.0: '],
])('an answer that is none is told as that: %s', async (body, sentence) => {
  await using loki = await serve(body)
  const asked = createLokiSource(loki.url, {}).fetchLogs(traceId, spans)
  await expect(asked).rejects.toMatchObject({
    isFinal: true,
    message: expect.stringContaining(sentence),
  })
})

test('what is no Loki is told as that', async () => {
  await using other = await serve('', 404)
  await expect(createLokiSource(other.url, {}).fetchLogs(traceId, spans)).rejects.toMatchObject({
    isFinal: true,
    message: expect.stringMatching(/expected Loki, got 404$/),
  })
})

test('records join the trace that they belong to, and a trace that is not there has none', async () => {
  await using loki = await serve(answer(stream))
  const tempo: TraceSource = {
    title: 'Tempo at a',
    hasLogs: false,
    fetchTrace: async (id) => (id === traceId ? { spans, logs: [] } : null),
  }
  const source = joinLogs(tempo, createLokiSource(loki.url, {}))
  expect(source).toMatchObject({
    title: `Tempo at a, Loki at ${loki.url}`,
    hasLogs: true,
    flattensLogs: true,
  })
  expect((await source.fetchTrace(traceId))?.logs).toHaveLength(1)
  expect(await source.fetchTrace('f'.repeat(32))).toBeNull()
  expect(loki.asked).toHaveLength(1)
})

test('a rule for a name holds for what Loki makes of it', () => {
  const scenario = {
    name: 'a',
    operations: [],
    volatile: [
      { key: 'pet.weight', ignore: 'value', reason: 'it eats' },
      { on: 'span', key: 'pet.age', ignore: 'value', reason: 'it grows' },
    ],
  } as const
  const keys = (flattensLogs: boolean) =>
    createRules(scenario, { flattensLogs }).volatile.map(({ on, key }) => `${on} ${key}`)
  expect(keys(true)).toEqual(expect.arrayContaining(['log *_id', 'log pet_weight']))
  expect(keys(true)).not.toContain('log pet_age')
  expect(keys(false)).not.toContain('log *_id')
})

test('loki: and a URL is an address', () => {
  expect(parseLogsAddress('loki:http://a:3100/')).toBe('http://a:3100')
  for (const text of ['http://a:3100', 'loki:', 'loki:ftp://a']) {
    expect(() => parseLogsAddress(text)).toThrow(
      `expected loki: and the URL of a Loki, got ${JSON.stringify(text)}`,
    )
  }
})
