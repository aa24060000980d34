import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { type DocsFileReader, docsRoutes } from './docs.ts'

function createService(readFile: DocsFileReader = async () => null) {
  return new Hono({ strict: false }).route('/docs', docsRoutes(readFile))
}

describe('the page', () => {
  test('loads nothing but what we serve, and runs no inline script', async () => {
    const service = createService(async () => new Uint8Array())
    const page = await (await service.request('/docs')).text()

    const loaded = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, url]) => url ?? '')
    expect(loaded).toEqual([
      'data:,',
      '/docs/swagger-ui.css',
      '/docs/swagger-ui-bundle.js',
      '/docs/start.js',
    ])
    for (const url of loaded.slice(1)) expect((await service.request(url)).status, url).toBe(200)
    expect(page).not.toMatch(/<script(?! src=)|<style|style=|\son\w+=/)
  })

  test('forbids the browser every other host', async () => {
    const { headers } = await createService().request('/docs')

    expect(headers.get('content-type')).toBe('text/html; charset=UTF-8')
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self'; /,
    )
    expect(headers.get('content-security-policy')).not.toMatch(/https?:|\*|unsafe-eval/)
    expect(headers.get('referrer-policy')).toBe('no-referrer')
  })

  test('is the same with a trailing slash', async () => {
    const service = createService()

    expect(await (await service.request('/docs/')).text()).toBe(
      await (await service.request('/docs')).text(),
    )
  })

  test('shows our document to no validator', async () => {
    const script = await (await createService().request('/docs/start.js')).text()

    expect(script).toContain("url: '/openapi.json'")
    expect(script).toContain('validatorUrl: null')
  })
})

describe('a file of Swagger UI', () => {
  const text = new TextEncoder().encode('body {}')

  test.each([
    ['bytes', () => text],
    ['a stream', () => new Blob([text]).stream()],
  ])('is served from %s, with its type and for a day', async (_, read) => {
    const asked: string[] = []
    const service = createService(async (name) => {
      asked.push(name)
      return read()
    })

    const response = await service.request('/docs/swagger-ui.css')

    expect(asked).toEqual(['swagger-ui.css'])
    expect(await response.text()).toBe('body {}')
    expect(Object.fromEntries(response.headers)).toEqual({
      'cache-control': 'public, max-age=86400',
      'content-type': 'text/css; charset=utf-8',
      'x-content-type-options': 'nosniff',
    })
  })

  test('is JavaScript when it is the bundle', async () => {
    const { headers } = await createService(async () => text).request('/docs/swagger-ui-bundle.js')

    expect(headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  })

  test('is a 404 when the runtime has none', async () => {
    expect((await createService().request('/docs/swagger-ui.css')).status).toBe(404)
  })

  test('is asked for by no name but its own', async () => {
    const asked: string[] = []
    const service = createService(async (name) => {
      asked.push(name)
      return null
    })

    for (const path of ['../package.json', '%2e%2e/package.json', 'swagger-ui.js', 'index.html']) {
      expect((await service.request(`/docs/${path}`)).status, path).toBe(404)
    }
    expect(asked).toEqual([])
  })
})
