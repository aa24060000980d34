import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { requireAllowedHost } from './allowed-hosts.ts'

const statusOf = async (host: string, allowed: readonly string[] = []) => {
  const app = new Hono().use(requireAllowedHost(allowed)).get('/', (c) => c.text('here'))
  app.onError((_, c) => c.text('', 421))
  return (await app.request('/', { headers: { host } })).status
}

test.each([
  'localhost',
  'LocalHost:8001',
  'todo.localhost:8001',
  '127.0.0.1:8001',
  '127.1.2.3',
  '[::1]:8001',
  '[::1]',
  'host.docker.internal:8001',
])('%s is this machine', async (host) => {
  expect(await statusOf(host)).toBe(200)
})

test.each([
  'evil.example',
  'evil.example:8001',
  'localhost.evil.example',
  'evillocalhost',
  'localhost@evil.example',
  '127.0.0.1.evil.example',
  '127.evil.example',
  'localhost:80:80',
  '::1',
  '0.0.0.0',
])('%j is not', async (host) => {
  expect(await statusOf(host)).toBe(421)
})

test('where no Host came, as in HTTP/2, what the URL names counts', async () => {
  const app = new Hono().use(requireAllowedHost([])).get('/', (c) => c.text('here'))
  app.onError((_, c) => c.text('', 421))

  expect((await app.request('http://127.0.0.1:8003/')).status).toBe(200)
  expect((await app.request('http://evil.example:8003/')).status).toBe(421)
})

test('a configured name is answered on every port, whatever its letter case', async () => {
  expect(await statusOf('api.example:1', ['API.example'])).toBe(200)
  expect(await statusOf('[fd00::1]:1', ['[FD00::1]'])).toBe(200)
  expect(await statusOf('[fd00::1]:1', ['fd00::1'])).toBe(200)
  expect(await statusOf('other.example', ['api.example'])).toBe(421)
})
