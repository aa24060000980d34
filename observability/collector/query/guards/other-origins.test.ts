import { request as openRequest } from 'node:http'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { traceIdOf } from '../../testing/build-telemetry.ts'
import { startTestCollector } from '../../testing/start-test-collector.ts'

/** `fetch` sets the host by itself, so a request under another name is made by hand. */
function askAs(
  { url }: { readonly url: string },
  host: string,
  path: string,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    openRequest(`${url}${path}`, { headers: { host } })
      .on('error', reject)
      .on('response', (response) => {
        void text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }))
      })
      .end()
  })
}

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
      expect(response.status, path).toBe(403)
    }
  })

  test('deletes nothing, because the browser asks first and is told no', async () => {
    await using collector = await startTestCollector({ corsOrigins: ['*'] })
    const preflight = await fetch(`${collector.url}/api/traces`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'DELETE' },
    })

    expect(preflight.status).toBe(403)
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull()
  })
})

test('a Prometheus in a container reads the metrics of its host', async () => {
  await using collector = await startTestCollector()

  expect((await askAs(collector, 'host.docker.internal:4318', '/metrics')).status).toBe(200)
})

test('a name that is not allowed is told how it would be', async () => {
  await using collector = await startTestCollector()
  const { body } = await askAs(collector, 'box.lan:4318', '/metrics')

  expect(JSON.parse(body).detail).toBe(
    'this collector does not answer to the host "box.lan:4318"; if it is meant, start it with --allowed-host box.lan or COLLECTOR_ALLOWED_HOSTS=box.lan',
  )
})

test('the page behind a proxy under an allowed host may act', async () => {
  await using collector = await startTestCollector({ allowedHosts: ['watch.example'] })
  const forget = (origin: string) =>
    fetch(`${collector.url}/api/traces`, { method: 'DELETE', headers: { origin } })

  expect((await forget('https://watch.example')).status).toBe(200)
  expect((await forget('https://evil.example')).status).toBe(403)
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
