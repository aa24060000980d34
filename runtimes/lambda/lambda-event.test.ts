import { randomUUID } from 'node:crypto'
import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { awaitTrace, startTestCollector } from '../testing/traces-for-test.ts'
import { functionFolder } from './function-archive.ts'
import { startEnvironment } from './host/execution-environment.ts'
import { createFleet, type Fleet } from './host/fleet.ts'
import { bundleLambda } from './lambda-bundle.ts'

let collector: Awaited<ReturnType<typeof startTestCollector>>
let fleet: Fleet
const lines: string[] = []

beforeAll(async () => {
  await bundleLambda()
  collector = await startTestCollector()
  fleet = createFleet({
    start: (options) =>
      startEnvironment(
        {
          folder: functionFolder,
          handler: 'index.handler',
          name: 'test',
          memoryMegabytes: 256,
          timeoutMillis: 20_000,
          initMillisMax: 20_000,
          variables: {
            DATABASE_URL: 'postgres://u:p@127.0.0.1:9/todo',
            OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
          },
          onLine: (line) => lines.push(line),
        },
        options,
      ),
    environmentsMax: 1,
    waitMillisMax: 20_000,
    waitingMax: 10,
  })
})
afterAll(async () => {
  await fleet?.stop()
  await collector?.close()
})

const invoke = (event: unknown) =>
  fleet.invoke({ requestId: randomUUID(), traceId: 'Root=1-0-0', event: JSON.stringify(event) })

const answerSchema = v.looseObject({
  statusCode: v.number(),
  headers: v.optional(v.record(v.string(), v.string())),
  multiValueHeaders: v.optional(v.record(v.string(), v.array(v.string()))),
})

const host = 'api.example'
const domainName = 'abc.execute-api.us-east-1.amazonaws.com'
const body = '{"title":"of no use"}'

/** A GET with a body, as each sends it. */
const httpApi = (rawPath: string, stage: string) => ({
  version: '2.0',
  rawPath,
  rawQueryString: '',
  headers: { host },
  requestContext: { domainName, stage, http: { method: 'GET', path: rawPath } },
  body,
  isBase64Encoded: false,
})
const restApi = (path: string, stage: string, called: string) => ({
  resource: '/{proxy+}',
  httpMethod: 'GET',
  path,
  headers: { Host: host },
  multiValueHeaders: { Host: [host] },
  queryStringParameters: null,
  multiValueQueryStringParameters: null,
  requestContext: { domainName, stage, path: called, httpMethod: 'GET' },
  body,
  isBase64Encoded: false,
})

describe('an HTTP request is served and traced, with a body on GET, as it comes from', () => {
  test.each([
    ['a function URL', httpApi('/health', '$default')],
    ['an HTTP API', httpApi('/health', '$default')],
    ['an HTTP API with a named stage', httpApi('/prod/health', 'prod')],
    ['an HTTP API whose stage is called as a route', httpApi('/health/health', 'health')],
    [
      'an HTTP API in format 1.0',
      { version: '1.0', ...restApi('/prod/health', 'prod', '/prod/health') },
    ],
    ['a REST API', restApi('/health', 'prod', '/prod/health')],
    ['a REST API whose stage is called as a route', restApi('/health', 'health', '/health/health')],
    [
      'a REST API whose domain leaves the stage to the path',
      restApi('/prod/health', 'prod', '/prod/health'),
    ],
    [
      'a REST API behind a domain, whose stage is called as a route',
      {
        ...restApi('/health', 'health', '/health'),
        pathParameters: { proxy: 'health' },
      },
    ],
    [
      'a REST API behind a domain with a path',
      {
        ...restApi('/v1/health', 'prod', '/v1/health'),
        pathParameters: { proxy: 'health' },
      },
    ],
    [
      'an HTTP API behind a domain with a path',
      {
        ...httpApi('/v1/health', 'prod'),
        routeKey: 'ANY /{proxy+}',
        pathParameters: { proxy: 'health' },
      },
    ],
    [
      'a load balancer',
      {
        httpMethod: 'GET',
        path: '/health',
        headers: { host, 'x-forwarded-proto': 'http', 'x-forwarded-port': '80' },
        queryStringParameters: {},
        requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:x' } },
        body,
        isBase64Encoded: false,
      },
    ],
    [
      'a load balancer with several values to a header',
      {
        httpMethod: 'GET',
        path: '/health',
        multiValueHeaders: { host: [host] },
        multiValueQueryStringParameters: {},
        requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:x' } },
        body,
        isBase64Encoded: false,
      },
    ],
  ])('%s', async (_, event) => {
    const { statusCode, headers, multiValueHeaders } = v.parse(
      answerSchema,
      JSON.parse(await invoke(event)),
    )
    const traceId = headers?.['x-trace-id'] ?? multiValueHeaders?.['x-trace-id']?.[0] ?? ''

    expect(statusCode).toBe(200)
    await awaitTrace(collector.url, traceId, ({ spans }) =>
      spans.some(({ span }) => span.name === 'GET /health'),
    )
  })
})

const expected =
  'Error: expected an HTTP request, as API Gateway, a load balancer or a function URL sends it, got '

describe('what is no HTTP request fails, and says what came:', () => {
  test.each([
    [{}, 'an object without fields'],
    [null, 'null'],
    ['seCret', 'a string'],
    [{ key1: 'seCret', key2: 'value2' }, 'an object with "key1", "key2"'],
    [{ Records: [{ eventSource: 'aws:sqs', body: 'seCret' }] }, 'records of "aws:sqs"'],
    [
      { version: '0', source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} },
      '"Scheduled Event" of "aws.events"',
    ],
    [{ httpMethod: 'GET', path: '/health' }, 'an object with "httpMethod", "path"'],
  ])('%j', async (event, what) => {
    await expect(invoke(event)).rejects.toThrow(`${expected}${what}`)
    await expect.poll(() => lines.join('\n')).toContain(what.replaceAll('"', '\\"'))
    expect(lines.join('\n')).not.toContain('seCret')
  })
})
