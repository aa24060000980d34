import { expect, test } from 'vitest'
import { createAttributes, createSpan } from '../testing/create-span.ts'
import { selectSpans } from './select-spans.ts'

const resource = createAttributes({ 'hono.runtime.name': 'node' })
const server = createSpan({
  name: 'GET /a/:id',
  attributes: createAttributes({ 'http.response.status_code': 503n }),
})
const client = createSpan({ name: 'SELECT a', kind: 3, endNanos: 2_000_000_000n })
const spans = [server, client].map((span) => ({ span, resource }))
const select = (query: string) => selectSpans(query, spans).map(({ span }) => span.name)

test.each([
  ['{ resource.hono.runtime.name = "node" }', ['GET /a/:id', 'SELECT a']],
  ['{ resource.hono.runtime.name =~ "bun|node" && kind = server }', ['GET /a/:id']],
  ['{ name =~ "GET" }', []],
  ['{ name =~ ".*" && duration > 0.5s }', ['SELECT a']],
  ['{ span.http.response.status_code >= 500 }', ['GET /a/:id']],
  ['{ span.http.response.status_code >= 400 && span.http.response.status_code < 500 }', []],
  ['{ span.http.response.status_code = 503 }', ['GET /a/:id']],
  ['{ span.hono.runtime.name = "node" }', []],
])('%s', (query, names) => {
  expect(select(query)).toEqual(names)
})

test.each(['{ a } | count() > 1', '{ status = error || kind = server }', '{ rootName = "a" }'])(
  'what is not understood is refused: %s',
  (query) => {
    expect(() => select(query)).toThrow(/expected/)
  },
)
