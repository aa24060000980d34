import { describe, expect, test } from 'vitest'
import { readAttribute, SpanKind, StatusCode } from '../../model.ts'
import { parseOtlpFile } from '../parse-otlp-file.ts'

const tag = (key: string, type: string, value: unknown) => ({ key, type, value })

/** As `GET /api/traces/{id}` of Jaeger answers, and as its page downloads a search. */
const trace = {
  traceID: 'af7651916cd43dd8448eb211c80319c',
  spans: [
    {
      traceID: 'af7651916cd43dd8448eb211c80319c',
      spanID: 'b7ad6b7169203331',
      operationName: 'GET /cart',
      references: [],
      startTime: 1796000000000000,
      duration: 12345,
      tags: [
        tag('span.kind', 'string', 'server'),
        tag('http.response.status_code', 'int64', 503),
        tag('ratio', 'float64', 0.5),
        tag('cached', 'bool', false),
        tag('otel.status_code', 'string', 'ERROR'),
        tag('otel.status_description', 'string', 'no database'),
        tag('error', 'bool', true),
        tag('otel.scope.name', 'string', '@hono/otel'),
        tag('internal.span.format', 'string', 'otlp'),
      ],
      logs: [
        {
          timestamp: 1796000000001000,
          fields: [tag('event', 'string', 'exception'), tag('exception.type', 'string', 'Error')],
        },
      ],
      processID: 'p1',
      warnings: null,
    },
    {
      traceID: 'af7651916cd43dd8448eb211c80319c',
      spanID: '7ad6b7169203332',
      operationName: 'SELECT carts',
      references: [
        {
          refType: 'CHILD_OF',
          traceID: 'af7651916cd43dd8448eb211c80319c',
          spanID: 'b7ad6b7169203331',
        },
        { refType: 'FOLLOWS_FROM', traceID: '1', spanID: '2' },
      ],
      startTime: 1796000000002000,
      duration: 3000,
      tags: [tag('span.kind', 'string', 'client')],
      logs: [],
      processID: 'p2',
    },
  ],
  processes: {
    p1: { serviceName: 'shop', tags: [tag('service.version', 'string', '1.9.0')] },
    p2: { serviceName: 'stock', tags: [] },
  },
}

const parse = (value: unknown) =>
  parseOtlpFile(Buffer.from(JSON.stringify(value))).flatMap(({ spans }) => spans)

describe('a trace of Jaeger', () => {
  const [shop, stock] = parse({ data: [trace], total: 0, limit: 0, offset: 0, errors: null })
  const server = shop?.scopes[0]?.items[0]
  const select = stock?.scopes[0]?.items[0]

  test('is read in whatever of three forms it stands', () => {
    expect(parse([trace])).toEqual([shop, stock])
    expect(parse(trace)).toEqual([shop, stock])
    const pretty = Buffer.from(JSON.stringify({ data: [trace] }, null, 2))
    expect(parseOtlpFile(pretty)).toEqual([{ spans: [shop, stock], logs: [] }])
  })

  test('has the resource of its process', () => {
    expect(shop?.resource.attributes).toEqual([
      { key: 'service.name', value: 'shop' },
      { key: 'service.version', value: '1.9.0' },
    ])
    expect(shop?.scopes[0]?.scope.name).toBe('@hono/otel')
  })

  test('has ids with all their zeros, times in nanoseconds, and parents', () => {
    expect(server).toMatchObject({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      parentSpanId: '',
      startNanos: 1_796_000_000_000_000_000n,
      endNanos: 1_796_000_000_012_345_000n,
    })
    expect(select).toMatchObject({
      spanId: '07ad6b7169203332',
      parentSpanId: 'b7ad6b7169203331',
      links: [{ spanId: '0000000000000002' }],
    })
  })

  test('has kind, status and events, and attributes of their types without the tags of those', () => {
    expect(server?.kind).toBe(SpanKind.server)
    expect(select?.kind).toBe(SpanKind.client)
    expect(server?.status).toEqual({ code: StatusCode.error, message: 'no database' })
    expect(server?.events).toMatchObject([
      {
        timeNanos: 1_796_000_000_001_000_000n,
        name: 'exception',
        attributes: [{ key: 'exception.type', value: 'Error' }],
      },
    ])
    expect(server?.attributes.map(({ key }) => key)).toEqual([
      'http.response.status_code',
      'ratio',
      'cached',
    ])
    expect(readAttribute(server?.attributes ?? [], 'http.response.status_code')).toBe(503n)
  })

  test.each([
    [
      { data: [{ ...trace, spans: [{ ...trace.spans[0], spanID: 'x' }] }] },
      'line 1: data[0].spans[0].spanID: expected 16 hex digits, got "x"',
    ],
    [
      { data: [{ ...trace, spans: [{ ...trace.spans[0], startTime: 'now' }] }] },
      'line 1: data[0].spans[0].startTime: expected an unsigned 64-bit integer, got "now"',
    ],
    [
      { data: [{ ...trace, spans: [{ ...trace.spans[0], tags: [tag('a', 'int64', 'x')] }] }] },
      'line 1: data[0].spans[0].tags[0].value: expected a 64-bit integer, got "x"',
    ],
  ])('that is not one is refused by its place', (value, message) => {
    expect(() => parse(value)).toThrow(message)
  })
})
