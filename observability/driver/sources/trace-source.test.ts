import { once } from 'node:events'
import { createServer } from 'node:http'
import { describe, expect, test } from 'vitest'
import { readCollectorConfig } from '../../collector/config/read-collector-config.ts'
import { startCollector } from '../../collector/start-collector.ts'
import { encodeTracesByProtobufjs } from '../../otlp/testing/protobufjs-encode.ts'
import { createClientSpans, groupDriverSpans } from '../play/client-spans.ts'
import type { PlayedRequest } from '../play/play-round.ts'
import { sendSpans, spansPerRequestMax } from '../play/send-spans.ts'
import { createTraceSource, parseSourceAddress } from './trace-source.ts'

const played: PlayedRequest = {
  operation: 'get',
  runtime: 'node',
  round: 1,
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  method: 'GET',
  url: 'http://127.0.0.1:1/a',
  intendedAt: 1,
  sentAt: 1,
  endedAt: 2,
  answer: { status: 404, headers: [], body: { format: 'empty' } },
  error: null,
  isSent: true,
  answerBytes: 0,
  isResent: false,
  fault: null,
}
const groups = groupDriverSpans(createClientSpans([played]), '1')
const protobuf = encodeTracesByProtobufjs(groups)

/** What Tempo's JSON looks like: ids in base64, enums by name. */
const tempoSpan = {
  traceId: Buffer.from(played.traceId, 'hex').toString('base64'),
  spanId: Buffer.from(played.spanId, 'hex').toString('base64'),
  name: 'GET get',
  kind: 'SPAN_KIND_CLIENT',
  startTimeUnixNano: '1',
  endTimeUnixNano: '1000001',
  attributes: [{ key: 'kind', value: { stringValue: 'SPAN_KIND_SERVER' } }],
  status: { code: 'STATUS_CODE_ERROR' },
}
const tempoGroups = [{ resource: { attributes: [] }, scopeSpans: [{ spans: [tempoSpan] }] }]

type Canned = {
  readonly status?: number
  readonly type?: string
  readonly body?: Uint8Array | string
}

/** Answers by path, and remembers what it was asked. */
async function serve(answers: Readonly<Record<string, Canned>>) {
  const asked: { readonly path: string; readonly headers: NodeJS.Dict<string | string[]> }[] = []
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace(/\/[0-9a-f]{32}$/, '')
    asked.push({ path, headers: request.headers })
    const {
      status = 200,
      type = 'application/protobuf',
      body = '',
    } = answers[path] ?? { status: 404 }
    response.writeHead(status, { 'content-type': type }).end(body)
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

/**
 * `TraceByIDResponse`: the trace is its field 1, then metrics (2), a status (3; 0 for complete, 1 for
 * partial) and a message (4).
 */
function wrapSecondVersion(trace: Uint8Array, status = 0, message = ''): Uint8Array {
  const length: number[] = []
  for (let rest = trace.length; ; rest = Math.floor(rest / 128)) {
    length.push(rest < 128 ? rest : (rest % 128) + 128)
    if (rest < 128) break
  }
  return Buffer.concat([
    Buffer.from([0x0a, ...length]),
    trace,
    Buffer.from([0x12, 2, 8, 5, 0x18, status, 0x22, message.length]),
    Buffer.from(message),
  ])
}

describe('Tempo', () => {
  const open = (url: string, headers = {}) => createTraceSource({ kind: 'tempo', url }, headers)

  test.each([
    ['the second version in protobuf', '/api/v2/traces', { body: wrapSecondVersion(protobuf) }],
    ['the first version in protobuf', '/api/traces', { body: protobuf }],
    [
      'the second version in JSON',
      '/api/v2/traces',
      { type: 'application/json', body: JSON.stringify({ trace: { resourceSpans: tempoGroups } }) },
    ],
    [
      'the first version in JSON',
      '/api/traces',
      { type: 'application/json', body: JSON.stringify({ batches: tempoGroups }) },
    ],
  ])('is understood by %s', async (_, path, answer) => {
    await using tempo = await serve({ [path]: answer })
    const trace = await open(tempo.url).fetchTrace(played.traceId)
    expect(trace?.spans[0]?.scopes[0]?.items[0]).toMatchObject({
      traceId: played.traceId,
      spanId: played.spanId,
      name: 'GET get',
      kind: 3,
      status: { code: 2 },
    })
  })

  test('an attribute that looks like an enum is left alone', async () => {
    const body = JSON.stringify({ batches: tempoGroups })
    await using tempo = await serve({ '/api/traces': { type: 'application/json', body } })
    const trace = await open(tempo.url).fetchTrace(played.traceId)
    expect(trace?.spans[0]?.scopes[0]?.items[0]?.attributes).toEqual([
      { key: 'kind', value: 'SPAN_KIND_SERVER' },
    ])
  })

  test('is asked by the version that it has answered', async () => {
    await using tempo = await serve({ '/api/traces': { body: protobuf } })
    const source = open(tempo.url)
    for (let round = 0; round < 3; round += 1) await source.fetchTrace(played.traceId)
    expect(tempo.asked.map(({ path }) => path)).toEqual([
      '/api/v2/traces',
      '/api/traces',
      '/api/traces',
      '/api/traces',
    ])
  })

  test('gets the token of Grafana, and is told apart from a trace that is not there', async () => {
    await using tempo = await serve({ '/proxy/api/v2/traces': { body: '' } })
    const source = open(`${tempo.url}/proxy`, { authorization: 'Bearer t0ken' })
    expect(await source.fetchTrace(played.traceId)).toBeNull()
    expect(tempo.asked[0]?.headers).toMatchObject({
      authorization: 'Bearer t0ken',
      accept: 'application/protobuf',
    })
  })

  test('a trace it does not know is nothing, by 404 and, from 2.7 on, by an empty 200', async () => {
    for (const body of ['', wrapSecondVersion(new Uint8Array()), Buffer.from([0x12, 2, 8, 5])]) {
      await using tempo = await serve({ '/api/v2/traces': { body } })
      expect(await open(tempo.url).fetchTrace(played.traceId)).toBeNull()
    }
  })

  test.each([
    { body: wrapSecondVersion(protobuf, 1, 'too large') },
    {
      type: 'application/json',
      body: JSON.stringify({
        trace: { resourceSpans: tempoGroups },
        status: 'PARTIAL',
        message: 'too large',
      }),
    },
  ])('a trace of which it gives only part is none', async (answer) => {
    await using tempo = await serve({ '/api/v2/traces': answer })
    await expect(open(tempo.url).fetchTrace(played.traceId)).rejects.toMatchObject({
      isFinal: false,
      message: expect.stringMatching(/: Tempo gives only part of the trace: too large$/),
    })
  })

  test.each([
    [{ status: 401, body: 'who are you' }, true, /expected a trace, got 401 who are you$/],
    [{ status: 429, body: 'slow' }, false, /expected a trace, got 429 slow$/],
    [{ status: 503 }, false, /expected a trace, got 503$/],
    [{ type: 'text/html', body: '<p>log in' }, true, /expected a trace, got 200 a page of HTML$/],
    [{ body: Buffer.from([0x0a, 0x7f, 1]) }, true, /got something else: .*expected 127 bytes more/],
    [{ body: Buffer.from([0xff]) }, true, /expected a varint, got the end/],
    [{ body: Buffer.from([0x0b]) }, true, /expected a field, got wire type 3/],
    [{ type: 'application/json', body: 'null' }, true, null],
    [{ type: 'application/json', body: '{' }, true, /got something else: /],
  ])('that answers %j is told as that; whether to ask again: not if %j', async (...given) => {
    const [answer, isFinal, message] = given
    await using tempo = await serve({ '/api/v2/traces': answer })
    const asked = open(tempo.url).fetchTrace(played.traceId)
    // JSON without a trace in it is a trace that is not there.
    if (message === null) return expect(await asked).toBeNull()
    await expect(asked).rejects.toMatchObject({ isFinal, message: expect.stringMatching(message) })
  })

  test('that has too many questions at once is asked again', async () => {
    let asked = 0
    const server = createServer((_, response) => {
      asked += 1
      const isBusy = asked < 4
      response.writeHead(isBusy ? 429 : 200, { 'content-type': 'application/protobuf' })
      response.end(isBusy ? 'too many outstanding requests' : wrapSecondVersion(protobuf))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    try {
      expect((await open(url).fetchTrace(played.traceId))?.spans).toHaveLength(1)
      expect(asked).toBe(4)
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })

  test('takes user and password from the URL, and does not show them', async () => {
    await using tempo = await serve({ '/api/v2/traces': { body: '' } })
    const source = open(tempo.url.replace('://', '://ada:secret@'))
    await source.fetchTrace(played.traceId)
    expect(tempo.asked[0]?.headers.authorization).toBe(`Basic ${btoa('ada:secret')}`)
    expect(source.title).toBe(`Tempo at ${tempo.url}`)
  })
})

test('a source that is not there is told as that', async () => {
  const gone = await serve({})
  await gone[Symbol.asyncDispose]()
  const source = createTraceSource({ kind: 'collector', url: gone.url })
  await expect(source.fetchTrace(played.traceId)).rejects.toMatchObject({
    isFinal: false,
    message: `${gone.url}/api/traces/${played.traceId}: connect ECONNREFUSED ${gone.url.slice(7)}`,
  })
})

test('a trace that is longer than any request’s is not read to its end', async () => {
  const server = createServer((_, response) => {
    const chunk = Buffer.alloc(1024 * 1024)
    const write = () => {
      while (response.write(chunk));
    }
    response.on('drain', write)
    write()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  try {
    const source = createTraceSource({ kind: 'collector', url })
    await expect(source.fetchTrace(played.traceId)).rejects.toMatchObject({
      isFinal: true,
      message: expect.stringMatching(/expected at most 67108864 bytes, got more$/),
    })
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

test.each(['[]', 'null', '{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"zz"}]}]}]}'])(
  'a collector that answers %s is told as no collector',
  async (body) => {
    await using collector = await serve({ '/api/traces': { type: 'application/json', body } })
    const source = createTraceSource({ kind: 'collector', url: collector.url })
    const asked = source.fetchTrace(played.traceId)
    if (body === '[]') expect(await asked).toEqual({ spans: [], logs: [] })
    else await expect(asked).rejects.toMatchObject({ isFinal: true })
  },
)

test('the embedded collector takes the driver’s spans and gives them back', async () => {
  const config = readCollectorConfig(
    new URL('../../stack/collector.yaml', import.meta.url).pathname,
  )
  const collector = await startCollector({ config, host: '127.0.0.1', port: 0 })
  try {
    const source = createTraceSource({ kind: 'collector', url: collector.url })
    expect(await source.fetchTrace(played.traceId)).toBeNull()
    await sendSpans(createClientSpans([played]), { url: collector.url, headers: {}, version: '1' })
    const trace = await source.fetchTrace(played.traceId)
    expect(trace?.spans[0]?.scopes[0]?.items).toEqual(createClientSpans([played]))
    expect(trace?.logs).toEqual([])
  } finally {
    await collector.close()
  }
})

test('many spans are sent in several requests', async () => {
  const sizes: number[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      sizes.push(body.match(/"spanId"/g)?.length ?? 0)
      response.end('{}')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  try {
    const many = Array.from({ length: spansPerRequestMax + 1 }, () => played)
    await sendSpans(createClientSpans(many), { url, headers: {}, version: '1' })
    expect(sizes).toEqual([spansPerRequestMax, 1])
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

test('a collector that does not take spans is told as that', async () => {
  await using collector = await serve({ '/v1/traces': { status: 400, body: 'no' } })
  const options = { url: collector.url, headers: {}, version: '1' }
  await expect(sendSpans(createClientSpans([played]), options)).rejects.toThrow(
    'expected 200, got 400 no',
  )
})

test.each([
  ['http://127.0.0.1:4318/', { kind: 'collector', url: 'http://127.0.0.1:4318' }],
  ['tempo:http://127.0.0.1:3200', { kind: 'tempo', url: 'http://127.0.0.1:3200' }],
  [
    'tempo:https://grafana.example/api/datasources/proxy/uid/x',
    { kind: 'tempo', url: 'https://grafana.example/api/datasources/proxy/uid/x' },
  ],
])('%s is an address', (text, address) => {
  expect(parseSourceAddress(text)).toEqual(address)
})

test.each(['tempo', 'tempo:', 'ftp://a', ''])('%j is no address', (text) => {
  expect(() => parseSourceAddress(text)).toThrow(
    `expected the URL of a collector, or tempo: and the URL of a Tempo, got ${JSON.stringify(text)}`,
  )
})
