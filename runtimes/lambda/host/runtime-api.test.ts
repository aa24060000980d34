import { expect, test } from 'vitest'
import { payloadBytesMax, type RuntimeApi, serveRuntimeApi } from './runtime-api.ts'

type Served = RuntimeApi & AsyncDisposable & { readonly url: string; readonly told: string[] }

async function serve(): Promise<Served> {
  const told: string[] = []
  const api = await serveRuntimeApi({
    onNext: () => told.push('next'),
    onResponse: (payload) => told.push(`response ${payload.slice(0, 40)}`),
    onError: (message) => told.push(`error ${message}`),
    onInitError: (message) => told.push(`init error ${message}`),
  })
  return {
    ...api,
    url: `http://${api.address}/2018-06-01/runtime`,
    told,
    async [Symbol.asyncDispose]() {
      api.close()
    },
  }
}

const invocation = {
  requestId: '8476a536-e9f4-11e8-9739-2dfe598c3fcd',
  event: '{"answer":42}',
  deadlineMillis: 1_542_409_706_888,
  functionArn: 'arn:aws:lambda:us-east-2:000000000000:function:f',
  traceId: 'Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1',
}

async function giveEvent(api: Served): Promise<Response> {
  const response = fetch(`${api.url}/invocation/next`)
  await expect.poll(() => api.told).toContain('next')
  api.deliver(invocation)
  return response
}

test('the next event is waited for, and comes with the documented headers', async () => {
  await using api = await serve()
  const response = await giveEvent(api)

  expect(response.status).toBe(200)
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'lambda-runtime-aws-request-id': invocation.requestId,
    'lambda-runtime-deadline-ms': '1542409706888',
    'lambda-runtime-invoked-function-arn': invocation.functionArn,
    'lambda-runtime-trace-id': invocation.traceId,
  })
  expect(await response.json()).toEqual({ answer: 42 })
})

test('an answer is accepted once', async () => {
  await using api = await serve()
  await giveEvent(api)
  const path = `${api.url}/invocation/${invocation.requestId}/response`

  expect((await fetch(path, { method: 'POST', body: '"yes"' })).status).toBe(202)
  expect((await fetch(path, { method: 'POST', body: '"again"' })).status).toBe(400)
  expect(api.told).toEqual(['next', 'response "yes"'])
})

test('an error is told in a line', async () => {
  await using api = await serve()
  await giveEvent(api)
  const body = '{"errorType":"TypeError","errorMessage":"x is not a function","trace":[]}'
  const response = await fetch(`${api.url}/invocation/${invocation.requestId}/error`, {
    method: 'POST',
    body,
  })

  expect(response.status).toBe(202)
  expect(api.told).toEqual(['next', 'error TypeError: x is not a function'])
})

test('an answer for another event is refused', async () => {
  await using api = await serve()
  await giveEvent(api)
  const response = await fetch(`${api.url}/invocation/another/response`, {
    method: 'POST',
    body: '1',
  })

  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ errorType: 'InvalidRequestID' })
  expect(api.told).toEqual(['next'])
})

test('an answer that is too large is refused and counts as an error', async () => {
  await using api = await serve()
  await giveEvent(api)
  const path = `${api.url}/invocation/${invocation.requestId}/response`
  const response = await fetch(path, { method: 'POST', body: 'x'.repeat(payloadBytesMax + 1) })

  expect(response.status).toBe(413)
  expect(await response.json()).toMatchObject({ errorType: 'RequestEntityTooLarge' })
  expect(api.told[1]).toMatch(/^error exceeded maximum allowed payload size/)
})

test('an answer of just the size that is allowed is taken', async () => {
  await using api = await serve()
  await giveEvent(api)
  const path = `${api.url}/invocation/${invocation.requestId}/response`
  const response = await fetch(path, { method: 'POST', body: 'x'.repeat(payloadBytesMax) })

  expect(response.status).toBe(202)
})

test.each([
  ['{"errorType":"Runtime.ImportModuleError","errorMessage":"no such module"}', /no such module/],
  ['{"errorMessage":1}', /can be read/],
  ['nonsense', /can be read/],
])('a function that cannot start says why: %s', async (body, message) => {
  await using api = await serve()
  const response = await fetch(`${api.url}/init/error`, { method: 'POST', body })

  expect(response.status).toBe(202)
  expect(api.told[0]).toMatch(message)
})

test.each([
  ['GET', '/init/error'],
  ['POST', '/invocation/next'],
  ['POST', '/invocation/1/other'],
  ['GET', '/'],
])('there is no %s %s', async (method, path) => {
  await using api = await serve()
  expect((await fetch(`${api.url}${path}`, { method })).status).toBe(404)
})
