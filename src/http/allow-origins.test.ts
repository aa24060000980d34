import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { allowOrigins } from './allow-origins.ts'

function createService(origins: readonly string[]) {
  return new Hono().use(allowOrigins(origins)).all('/', (c) => c.text('here'))
}

const preflight = { method: 'OPTIONS', headers: { 'access-control-request-method': 'PUT' } }

function corsHeaders(response: Response) {
  return Object.fromEntries(
    [...response.headers].filter(([name]) => name.startsWith('access-control-') || name === 'vary'),
  )
}

describe('with a list of origins', () => {
  const service = createService(['https://a.example', 'http://localhost:5173'])
  const from = (origin: string, init: RequestInit = {}) =>
    service.request('/', { ...init, headers: { ...init.headers, origin } })

  test('a page of one of them may read the answer and all its headers', async () => {
    const response = await from('http://localhost:5173')

    expect(await response.text()).toBe('here')
    expect(corsHeaders(response)).toEqual({
      'access-control-allow-origin': 'http://localhost:5173',
      'access-control-expose-headers': '*',
      vary: 'origin',
    })
  })

  test('a preflight of one of them is answered ahead of the routes', async () => {
    const response = await from('https://a.example', preflight)

    expect(response.status).toBe(204)
    expect(await response.text()).toBe('')
    expect(corsHeaders(response)).toEqual({
      'access-control-allow-headers': '*',
      'access-control-allow-methods': 'GET, HEAD, POST, PUT, DELETE',
      'access-control-allow-origin': 'https://a.example',
      'access-control-max-age': '600',
      vary: 'origin',
    })
  })

  test('OPTIONS that is no preflight reaches the routes', async () => {
    const response = await from('https://a.example', { method: 'OPTIONS' })

    expect(await response.text()).toBe('here')
  })

  test.each(['https://b.example', 'https://a.example:444', 'http://a.example', 'null', ''])(
    'a page of %j gets an answer that its browser keeps from it',
    async (origin) => {
      for (const init of [{}, preflight]) {
        const response = await from(origin, init)

        expect(await response.text()).toBe('here')
        expect(corsHeaders(response)).toEqual({ vary: 'origin' })
      }
    },
  )

  test('a cache learns that the answer depends on the origin, also without one', async () => {
    expect(corsHeaders(await service.request('/'))).toEqual({ vary: 'origin' })
  })
})

test('with a star every page may read, and caches need not tell them apart', async () => {
  const service = createService(['*'])

  const response = await service.request('/', { headers: { origin: 'https://b.example' } })

  expect(corsHeaders(response)).toEqual({
    'access-control-allow-origin': '*',
    'access-control-expose-headers': '*',
  })
  expect(corsHeaders(await service.request('/'))).toEqual({})
})

test('a star in company is refused', () => {
  expect(() => allowOrigins(['https://a.example', '*'])).toThrow(
    'allowedOrigins: expected * on its own',
  )
})

test.each(['a.example', 'https://a.example/', 'https://', 'HTTPS://a.example', ''])(
  '%j is refused, as no browser sends it',
  (origin) => {
    expect(() => allowOrigins([origin])).toThrow(
      `allowedOrigins: expected an origin such as https://example.com, got ${JSON.stringify(origin)}`,
    )
  },
)
