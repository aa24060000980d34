import { describe, expect, test } from 'vitest'
import { type Choice, interpolate } from './interpolate.ts'
import type { Variable } from './read-dashboards.ts'

const base = { query: '', datasource: 'prometheus' }
const variables: readonly Variable[] = [
  { ...base, name: 'service', multi: false, includeAll: false, allValue: undefined },
  { ...base, name: 'route', multi: true, includeAll: true, allValue: '.*' },
  { ...base, name: 'every', multi: true, includeAll: true, allValue: undefined },
]

const braced = (name: string) => `\${${name}}`

function render(expr: string, choices: Readonly<Record<string, Choice>> = {}): string {
  return interpolate(expr, variables, {
    choices: new Map(Object.entries(choices)),
    rangeMillis: 1_800_000,
    intervalMillis: 15_000,
    scrapeMillis: 15_000,
  })
}

describe('a variable', () => {
  test('of one value is that value', () => {
    expect(render('{a="$service"}', { service: ['todo-api'] })).toBe('{a="todo-api"}')
    expect(render('{a="$service"}', { service: ['a"b\\c'] })).toBe('{a="a\\"b\\\\c"}')
  })

  test('of several values is escaped for a regular expression, and in parentheses', () => {
    expect(render('{a=~"$route"}', { route: ['GET /a.b'] })).toBe('{a=~"GET /a\\\\.b"}')
    expect(render(`{a=~"${braced('route')}"}`, { route: ['a', 'b'] })).toBe('{a=~"(a|b)"}')
  })

  test('set to All is its allValue as it stands', () => {
    expect(render('{a=~"$route"}', { route: 'all' })).toBe('{a=~".*"}')
    expect(() => render('{a=~"$every"}', { every: 'all' })).toThrow(/every: expected an allValue/)
  })

  test('that does not exist, or has a format, is refused', () => {
    expect(() => render('$nothing')).toThrow(/expected a variable of the dashboard, got \$nothing/)
    expect(() => render(braced('route:csv'), { route: 'all' })).toThrow(/expected no format/)
  })
})

test('a rate looks back over four reports at least, and one more than the points are apart', () => {
  expect(render('[$__rate_interval]')).toBe('[60000ms]')
  expect(render('[$__range] [$__interval] [$__auto]')).toBe('[1800s] [15000ms] [15000ms]')
})
