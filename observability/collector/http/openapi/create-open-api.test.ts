import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseTryPlan } from '../../page/try/try-plan.ts'
import { parseDeclaredDifferences } from '../../query/declared-differences.ts'
import type { Collector } from '../../start-collector.ts'
import { buildGroup, buildLogRecord, buildSpan, traceIdOf } from '../../testing/build-telemetry.ts'
import { post, sendLogs, sendSpans, tracesBody } from '../../testing/send.ts'
import { answerWith, type Destination, startDestination } from '../../testing/start-destination.ts'
import { ask, startTestCollector } from '../../testing/start-test-collector.ts'
import { apiSchemas } from './api-schemas.ts'

const contentSchema = v.record(v.string(), v.strictObject({ schema: v.exactOptional(v.unknown()) }))
const documentSchema = v.strictObject({
  openapi: v.literal('3.1.0'),
  info: v.strictObject({ title: v.string(), description: v.string(), version: v.string() }),
  paths: v.record(
    v.pipe(v.string(), v.startsWith('/')),
    v.record(
      v.picklist(['get', 'post', 'put', 'delete']),
      v.strictObject({
        operationId: v.string(),
        summary: v.pipe(v.string(), v.nonEmpty()),
        parameters: v.array(
          v.strictObject({
            name: v.string(),
            in: v.picklist(['path', 'query', 'header']),
            required: v.exactOptional(v.literal(true)),
            description: v.exactOptional(v.pipe(v.string(), v.nonEmpty())),
            schema: v.looseObject({}),
          }),
        ),
        requestBody: v.exactOptional(
          v.strictObject({
            required: v.literal(true),
            description: v.string(),
            content: contentSchema,
          }),
        ),
        responses: v.record(
          v.pipe(v.string(), v.regex(/^[2-5]\d\d$/)),
          v.strictObject({
            description: v.pipe(v.string(), v.nonEmpty()),
            content: v.exactOptional(contentSchema),
          }),
        ),
      }),
    ),
  ),
  components: v.strictObject({ schemas: v.record(v.string(), v.looseObject({})) }),
})
type Document = v.InferOutput<typeof documentSchema>

let folder: string
let service: Destination
let collector: Collector
let document: Document
/** What each operation is asked, in an order in which all succeed. */
let questions: Readonly<Record<string, Question>>

type Question = {
  readonly path: string
  readonly headers?: Record<string, string>
  readonly body?: string
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openapi-'))
  service = await startDestination(answerWith(201))
  collector = await startTestCollector({
    forward: { endpoint: service.url },
    runs: { folder, keepMax: 5, isFresh: false },
    tryPlan: parseTryPlan([`todos=${service.url}`], ['GET /todos']),
    declared: parseDeclaredDifferences(
      ['{"runtime":"bun","reason":"no pool","matches":{"kind":"span.extra","path":"*"}}'],
      'node',
    ),
  })
  await sendSpans(collector, [buildGroup([buildSpan({ kind: 2 })])])
  await sendLogs(collector, [
    buildGroup([buildLogRecord({ traceId: traceIdOf(1) }), buildLogRecord({ body: 3n })]),
  ])
  await post(collector, metrics, {}, '/v1/metrics')
  document = v.parse(documentSchema, await ask(collector, '/api/openapi.json'))

  const { logs } = await ask<{ logs: readonly { id: string }[] }>(collector, '/api/logs')
  const imported = await post(collector, tracesBody(2), {}, '/api/runs')
  const { id } = v.parse(v.object({ id: v.string() }), await imported.json())
  questions = {
    'GET /': { path: '/' },
    'GET /api/traces': { path: '/api/traces?limit=1&sort=duration' },
    'GET /api/traces/{traceId}': { path: `/api/traces/${traceIdOf(1)}` },
    'GET /api/logs': { path: '/api/logs' },
    'GET /api/logs/{id}': { path: `/api/logs/${logs[0]?.id}` },
    'GET /api/export': { path: '/api/export' },
    'GET /api/overview': { path: '/api/overview?start=2026-01-01T00:00:00Z' },
    'GET /api/services': { path: '/api/services' },
    'GET /api/runtimes': { path: '/api/runtimes' },
    'GET /api/suggestions': { path: '/api/suggestions' },
    'GET /api/metrics': { path: '/api/metrics' },
    'GET /api/known-differences': { path: '/api/known-differences' },
    'GET /api/status': { path: '/api/status' },
    'GET /api/runs': { path: '/api/runs' },
    'POST /api/runs': { path: '/api/runs?name=a', body: tracesBody(3) },
    'PUT /api/runs/{id}/pin': { path: `/api/runs/${id}/pin` },
    'DELETE /api/runs/{id}/pin': { path: `/api/runs/${id}/pin` },
    'DELETE /api/runs/{id}': { path: `/api/runs/${id}` },
    'GET /api/try': { path: '/api/try' },
    'POST /api/try': { path: '/api/try', headers: { 'x-requested-by': 'viewer' } },
    'GET /api/openapi.json': { path: '/api/openapi.json' },
    'GET /metrics': { path: '/metrics' },
    'GET /ready': { path: '/ready' },
    'DELETE /api/traces': { path: '/api/traces' },
    'POST /api/cleared/{n}': { path: '/api/cleared/1' },
  }
})

afterAll(async () => {
  await collector.close()
  await service[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

describe('the OpenAPI document', () => {
  test('describes every answer of every path as it is', async () => {
    expect(Object.keys(questions).toSorted()).toEqual(listOperations().toSorted())
    for (const [operation, question] of Object.entries(questions)) {
      const response = await send(operation, question)
      expect(response.ok, `${operation}: ${response.status}`).toBe(true)
      const answer = await expectDescribed(operation, response)
      // An empty list would say nothing of its items.
      const lists = Object.entries(answer).filter(([, value]) => Array.isArray(value))
      expect(
        lists.filter(([, list]) => String(list) === ''),
        operation,
      ).toEqual([])
    }
  })

  test('describes every refusal', async () => {
    const refused = await Promise.all([
      refuse('GET /api/traces', '/api/traces?limt=1'),
      refuse('GET /api/traces', '/api/traces?run=20200101T000000.000Z-0000'),
      refuse('GET /api/traces/{traceId}', '/api/traces/x'),
      refuse('GET /api/traces/{traceId}', `/api/traces/${traceIdOf(9)}`),
      refuse('GET /api/status', '/api/status', { origin: 'https://evil.example' }),
      refuse('POST /api/runs', '/api/runs'),
      refuse('POST /api/try', '/api/try'),
      refuse('DELETE /api/runs/{id}', '/api/runs/unknown'),
    ])
    expect(refused).toEqual([400, 404, 400, 404, 403, 400, 403, 404])
  })

  test('has every method that a path answers, and no other', async () => {
    for (const [path, operations] of Object.entries(document.paths)) {
      const allowed = Object.keys(operations).map((method) => method.toUpperCase())
      for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH']) {
        if (allowed.includes(method) || path === '/ready') continue
        const response = await fetch(collector.url + path, { method })
        expect(response.status, `${method} ${path}`).toBe(405)
        expect(response.headers.get('allow')).toBe(allowed.join(', '))
      }
    }
  })

  test('names each operation, each parameter and each schema once', () => {
    expect(Object.keys(document.components.schemas)).toEqual(Object.keys(apiSchemas))
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path))
    const ids = operations.map(({ operationId }) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { parameters } of operations) {
      const names = parameters.map(({ name }) => name)
      expect(new Set(names).size).toBe(names.length)
    }
  })
})

const metrics = JSON.stringify({
  resourceMetrics: [
    {
      scopeMetrics: [
        {
          metrics: [
            { name: 'a', gauge: { dataPoints: [{ timeUnixNano: '1', asInt: '3' }] } },
            {
              name: 'b',
              histogram: {
                aggregationTemporality: 2,
                dataPoints: [{ timeUnixNano: '1', count: '1', sum: 2, bucketCounts: ['1'] }],
              },
            },
          ],
        },
      ],
    },
  ],
})

function listOperations(): readonly string[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
}

function send(operation: string, { path, headers = {}, body }: Question): Promise<Response> {
  const [method = ''] = operation.split(' ')
  return fetch(`${collector.url}${path}`, { method, headers, ...(body && { body }) })
}

async function refuse(
  operation: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<number> {
  const response = await send(operation, { path, headers })
  await expectDescribed(operation, response)
  return response.status
}

/** The answer, if it is JSON that a schema describes. */
async function expectDescribed(operation: string, response: Response): Promise<object> {
  const [method = '', path = ''] = operation.split(' ')
  const methods: Readonly<Record<string, Document['paths'][string]['get']>> =
    document.paths[path] ?? {}
  const described = methods[method.toLowerCase()]?.responses[response.status]
  expect(described, `${operation}: ${response.status}`).toBeDefined()
  const type = response.headers.get('content-type')?.split(';')[0]
  expect(Object.keys(described?.content ?? {}), operation).toEqual(type === undefined ? [] : [type])
  const schema = type === undefined ? undefined : described?.content?.[type]?.schema
  const body = await response.text()
  if (schema === undefined) return {}
  const validate = ajv.compile({
    ...v.parse(v.looseObject({}), schema),
    components: document.components,
  })
  const answer = v.parse(v.looseObject({}), JSON.parse(body))
  validate(answer)
  expect(validate.errors ?? [], operation).toEqual([])
  return answer
}

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true }).addVocabulary(['components'])
