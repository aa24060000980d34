import { expect, test } from 'vitest'
import { createAttributes, createSpan } from '../testing/create-span.ts'
import { readLinkQuery, replaceInLink } from './read-explore-links.ts'
import { renderTraceQuery } from './render-trace-query.ts'

const span = createSpan({ attributes: createAttributes({ 'http.route': '/a' }) })
const resource = createAttributes({ 'service.name': 'todo-api' })
const tags = [
  { key: 'service.name', value: 'service_name' },
  { key: 'http.route', value: 'http_route' },
  { key: 'db.system.name', value: 'db_system_name' },
]
const braced = (name: string) => `\${${name}}`

test('tags that a span or its resource has become matchers', () => {
  const query = `rate(x{$__tags,a="b"}[1m])`
  expect(renderTraceQuery(query, tags, { span, resource })).toBe(
    'rate(x{service_name="todo-api", http_route="/a",a="b"}[1m])',
  )
})

test('ids are put in, and what is not known is refused', () => {
  const query = `{${braced('__tags')}} | trace_id = "${braced('__trace.traceId')}"`
  expect(renderTraceQuery(query, tags.slice(0, 1), { span, resource })).toBe(
    `{service_name="todo-api"} | trace_id = "${span.traceId}"`,
  )
  expect(() => renderTraceQuery(braced('__span.name'), tags, { span, resource })).toThrow(
    /expected only tags and ids/,
  )
})

test('a link to Explore is read as the browser gets it', () => {
  const expr = `{a="${braced('service:percentencode')}"} | b=~"${braced('runtime:pipe')}"`
  const panes = { a: { queries: [{ expr, datasource: { type: 'loki' } }] } }
  const encoded = JSON.stringify(panes)
    .split(/(\$\{[^}]+\})/)
    .map((part, index) => (index % 2 === 0 ? encodeURIComponent(part) : part))
    .join('')

  const link = replaceInLink(`/explore?panes=${encoded}`, { service: 'a b&c', runtime: 'd|e' })

  expect(readLinkQuery(link)).toBe('{a="a b&c"} | b=~"d|e"')
  expect(() => replaceInLink(braced('__value.raw'), {})).toThrow(/expected to know/)
})
