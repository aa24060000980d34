import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AnyValue, Attribute } from '../../otlp/model.ts'
import { matchesWhere, parseWhere, type Queried, WhereError } from './where.ts'

const attributesOf = (values: Readonly<Record<string, AnyValue>>): readonly Attribute[] =>
  Object.entries(values).map(([key, value]) => ({ key, value }))

const span: Queried = {
  readField: (key) => (key === 'duration' ? 120 : key === 'name' ? 'GET /todos' : undefined),
  attributes: attributesOf({
    'http.route': '/todos',
    'http.response.status_code': 503n,
    'db.response.returned_rows': '12',
    'url.full': 'http://a/?q="x"',
    'app.retried': true,
    'app.tags': { values: ['red', 'blue'] },
  }),
  resource: attributesOf({ 'service.name': 'my shop' }),
  contains: (search) => search('connection refused'),
}

describe('a query', () => {
  test.each([
    ['', true],
    ['http.route=/todos', true],
    ['http.route=/', false],
    ['http.route!=/', true],
    ['http.response.status_code>=500', true],
    ['http.response.status_code=503', true],
    ['http.response.status_code<500', false],
    ['db.response.returned_rows>2', true],
    ['service.name="my shop"', true],
    ['service.name="my shop" http.route=/other', false],
    ['name="GET /todos" duration>100ms', true],
    ['duration>0.12s', false],
    ['duration<=0.12s', true],
    ['app.retried=true', true],
    ['app.tags=blue', true],
    ['url.full="http://a/?q=\\"x\\""', true],
    ['app.absent!=x', true],
    ['app.absent=x', false],
    ['app.absent>1', false],
    ['refused', true],
    ['"connection refused" http.route=/todos', true],
    ['accepted', false],
  ])('%j holds or not: %s', (text, holds) => {
    expect(matchesWhere(parseWhere(text), span)).toBe(holds)
  })

  test.each([
    ['http.route=', 'expected a value after http.route=, at character 12'],
    [
      'a=1 duration>fast',
      'expected a duration such as 100ms or 1.5s after duration>, at character 14',
    ],
    ['status_code>=many', 'expected a number after status_code>=, at character 14'],
    ['name="GET', 'expected a space or a closing quote, at character 6'],
    ['a="x"y', 'expected a space or a closing quote, at character 6'],
    ['"open', 'expected a closing quote, at character 1'],
    ['x'.repeat(1001), 'expected at most 1000 characters, at character 1001'],
  ])('%j is refused where it is wrong', (text, message) => {
    expect(() => parseWhere(text)).toThrow(message)
  })

  test('is read or refused, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        try {
          matchesWhere(parseWhere(text), span)
        } catch (error) {
          expect(error).toBeInstanceOf(WhereError)
        }
      }),
    )
  })
})
