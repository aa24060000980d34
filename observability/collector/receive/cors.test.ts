import { describe, expect, test } from 'vitest'
import { post } from '../testing/send.ts'
import { startTestCollector } from '../testing/start-test-collector.ts'

describe('a page in a browser', () => {
  const page = 'https://app.example'
  const preflight = (url: string, origin: string, requestedHeaders = 'content-type') =>
    fetch(`${url}/v1/traces`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': requestedHeaders,
      },
    })

  test('may not send, unless its origin is listed', async () => {
    await using collector = await startTestCollector()
    const asked = await preflight(collector.url, page)
    const sent = await post(collector, '{}', { origin: page })

    expect(asked.status).toBe(405)
    expect(asked.headers.get('access-control-allow-origin')).toBeNull()
    expect(sent.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('may send from an origin that is listed, and reads the answer, also of a refusal', async () => {
    await using collector = await startTestCollector({ corsOrigins: [page] })
    const asked = await preflight(collector.url, page)
    expect(asked.status).toBe(204)
    expect(asked.headers.get('access-control-allow-origin')).toBe(page)
    expect(asked.headers.get('access-control-allow-methods')).toBe('POST')
    expect(asked.headers.get('access-control-allow-headers')).toBe('content-type')

    for (const body of ['{}', '[']) {
      const sent = await post(collector, body, { origin: page })
      expect(sent.headers.get('access-control-allow-origin')).toBe(page)
      expect(sent.headers.get('vary')).toBe('origin')
    }
    const beyond = 'authorization,content-encoding,content-type,x-requested-with'
    const exporter = await preflight(collector.url, page, beyond)
    expect(exporter.headers.get('access-control-allow-headers')).toBe(beyond)
    const other = await preflight(collector.url, 'https://evil.example')
    expect(other.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('may send a beacon from an origin that is listed by name, which comes with credentials', async () => {
    await using named = await startTestCollector({ corsOrigins: [page] })
    await using all = await startTestCollector({ corsOrigins: ['*'] })
    const credentials = async (response: Promise<Response>) =>
      (await response).headers.get('access-control-allow-credentials')

    expect(await credentials(preflight(named.url, page))).toBe('true')
    expect(await credentials(post(named, '{}', { origin: page }))).toBe('true')
    expect(await credentials(preflight(named.url, 'https://evil.example'))).toBeNull()
    expect(await credentials(preflight(all.url, page))).toBeNull()
  })

  test('may be listed with a star for a part, or for all', async () => {
    await using some = await startTestCollector({ corsOrigins: ['https://*.example'] })
    await using all = await startTestCollector({ corsOrigins: ['*'] })
    const allowed = async (url: string, origin: string) =>
      (await preflight(url, origin)).headers.get('access-control-allow-origin')

    expect(await allowed(some.url, page)).toBe(page)
    expect(await allowed(some.url, 'https://app.example.evil')).toBeNull()
    expect(await allowed(some.url, 'https://appxexample')).toBeNull()
    expect(await allowed(all.url, page)).toBe('*')
  })
})
