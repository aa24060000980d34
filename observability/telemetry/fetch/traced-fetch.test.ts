import { context, ROOT_CONTEXT } from '@opentelemetry/api'
import { suppressTracing } from '@opentelemetry/core'
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { createTracedFetch, type FetchFunction } from './traced-fetch.ts'

const exporter = new InMemorySpanExporter()
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
beforeAll(() => provider.register())
beforeEach(() => exporter.reset())

const answer: FetchFunction = async () => new Response('ok')
const tracedFetch = (original: FetchFunction = answer) =>
  createTracedFetch(provider.getTracer('test'), original)

test.each([
  ['https://me:s3cr3t@api.example/a', 'https://REDACTED:REDACTED@api.example/a'],
  ['https://api.example/a?sig=s3cr3t&b=2#c', 'https://api.example/a?sig=REDACTED&b=2'],
  ['http://[::1]:8080/', 'http://[::1]:8080/'],
])('%s is written as %s', async (url, written) => {
  await tracedFetch()(url)
  expect(exporter.getFinishedSpans().map((span) => span.attributes['url.full'])).toEqual([written])
})

test('what is no request of the service’s has no span, and is passed on as it came', async () => {
  const passed: unknown[][] = []
  const fetch = tracedFetch(async (...args) => {
    passed.push(args)
    return new Response()
  })
  await fetch('data:text/plain,hello')
  await context.with(suppressTracing(ROOT_CONTEXT), () =>
    fetch('https://otlp.example/v1/traces', { method: 'POST' }),
  )
  expect(passed).toEqual([
    ['data:text/plain,hello', undefined],
    ['https://otlp.example/v1/traces', { method: 'POST' }],
  ])
  expect(exporter.getFinishedSpans()).toEqual([])
})

test('what the original has besides is there, as Bun’s has preconnect', () => {
  const preconnect = () => {}
  const original = Object.assign(answer.bind(undefined), { preconnect })
  expect(tracedFetch(original)).toHaveProperty('preconnect', preconnect)
})

test('a request as the second argument, as a proxy passes it on, keeps its method, headers and body', async () => {
  const seen: Request[] = []
  const fetch = tracedFetch(async (input, init) => {
    seen.push(new Request(input, init))
    return new Response()
  })
  const headers = { 'x-own': 'kept' }
  const asked = new Request('https://own.example/', { method: 'POST', headers, body: 'BODY' })
  await fetch('https://api.example/a', asked)
  const [request] = seen
  expect([request?.url, request?.method]).toEqual(['https://api.example/a', 'POST'])
  expect(request?.headers.get('x-own')).toBe('kept')
  expect(request?.headers.get('traceparent')).toMatch(/^00-/)
  expect(await request?.text()).toBe('BODY')
})

test('a request object keeps its method, headers and body', async () => {
  const seen: Request[] = []
  const fetch = tracedFetch(async (input, init) => {
    seen.push(new Request(input, init))
    return new Response()
  })
  const headers = { 'x-own': 'kept', 'content-type': 'text/plain' }
  await fetch(new Request('https://api.example/', { method: 'put', headers, body: 'text' }))
  const [request] = seen
  expect([request?.method, request?.headers.get('x-own'), await request?.text()]).toEqual([
    'PUT',
    'kept',
    'text',
  ])
  expect(request?.headers.get('traceparent')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
})

test('a failure is thrown on, and is on the span', async () => {
  const failure = new TypeError('fetch failed')
  const failed = tracedFetch(async () => {
    throw failure
  })('https://api.example/')
  await expect(failed).rejects.toBe(failure)
  expect(exporter.getFinishedSpans()).toMatchObject([
    { name: 'GET', status: { code: 2 }, attributes: { 'error.type': 'TypeError' } },
  ])
})
