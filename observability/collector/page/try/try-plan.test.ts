import { expect, test } from 'vitest'
import { parseTryPlan } from './try-plan.ts'

test('services and requests are as they were given', () => {
  expect(
    parseTryPlan(
      ['node=http://127.0.0.1:8001', 'b=http://localhost:1/', 'c=http://[::1]:2'],
      ['GET /todos?limit=5', 'POST /todos {"title": "a b"}'],
    ),
  ).toEqual({
    services: [
      { name: 'node', url: 'http://127.0.0.1:8001' },
      { name: 'b', url: 'http://localhost:1' },
      { name: 'c', url: 'http://[::1]:2' },
    ],
    requests: [
      { method: 'GET', path: '/todos?limit=5', body: undefined },
      { method: 'POST', path: '/todos', body: '{"title": "a b"}' },
    ],
  })
})

test.each([
  'node',
  '=http://127.0.0.1:1',
  'node=127.0.0.1:8001',
  'node=https://127.0.0.1',
  'node=http://127.0.0.1/path',
  'node=http://user@127.0.0.1',
  'node=file:///etc/passwd',
])('the service %j is refused', (service) => {
  expect(() => parseTryPlan([service], [])).toThrow(
    '--service: expected name=url such as node=http://127.0.0.1:8001, got',
  )
})

test.each([
  'example.com',
  '127.example.com',
  '169.254.169.254',
  '10.0.0.1',
  '0.0.0.0',
  '[fd00::1]',
])('a service at %s is not on this machine', (host) => {
  expect(() => parseTryPlan([`a=http://${host}:80`], [])).toThrow(
    '--service: expected a host on this machine, got',
  )
})

test.each(['/todos', 'GET todos', 'TRACE /', 'GET //example.com/', 'GET  /a', ''])(
  'the request %j is refused',
  (request) => {
    expect(() => parseTryPlan([], [request])).toThrow('--try: expected "METHOD /path"')
  },
)

test('there are not more of them than a person would wait for', () => {
  const services = Array.from({ length: 17 }, (_, n) => `s${n}=http://127.0.0.1:1`)
  const requests = Array.from({ length: 17 }, () => 'GET /')
  expect(() => parseTryPlan(services, [])).toThrow('--service: expected at most 16, got 17')
  expect(() => parseTryPlan([], requests)).toThrow('--try: expected at most 16, got 17')
  expect(() => parseTryPlan([], [`POST / ${'a'.repeat(10_001)}`])).toThrow('10000 characters')
})
