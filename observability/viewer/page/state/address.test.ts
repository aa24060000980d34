import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  changeParameters,
  parseAddress,
  readParameter,
  readParameters,
  renderSearch,
  traceHref,
  viewHref,
} from './address.ts'

test.each([
  ['/', 'overview'],
  ['/traces', 'traces'],
  ['/compare', 'compare'],
  ['/logs', 'logs'],
  ['/traces/abc', 'trace'],
  ['/nowhere', 'unknown'],
  ['/traces/a/b', 'unknown'],
  ['/traces/', 'unknown'],
])('%s is the view %s', (path, view) => {
  expect(parseAddress(path, '').view).toBe(view)
})

test('an id is decoded, and kept as it came where it cannot be', () => {
  expect(parseAddress('/traces/%3Cb%3E', '')).toMatchObject({ traceId: '<b>' })
  expect(parseAddress('/traces/%E0%A4%A', '')).toMatchObject({ traceId: '%E0%A4%A' })
})

test('parameters are read by name, once or several times, and empty ones are none', () => {
  const { parameters } = parseAddress('/compare', 'trace=a&trace=b&status=&text=x%20y+z')

  expect(readParameters(parameters, 'trace')).toEqual(['a', 'b'])
  expect(readParameter(parameters, 'text')).toBe('x y z')
  expect(readParameter(parameters, 'status')).toBe('')
  expect(parameters).toHaveLength(3)
})

describe('a change', () => {
  const { parameters } = parseAddress('/traces', 'runtime=node&text=a')

  test('replaces one and keeps the others', () => {
    expect(renderSearch(changeParameters(parameters, { runtime: 'deno' }))).toBe(
      '?text=a&runtime=deno',
    )
  })
  test('takes away what is empty, null or undefined', () => {
    const changes = { runtime: '', text: null, status: undefined }
    expect(renderSearch(changeParameters(parameters, changes))).toBe('')
  })
  test('sets several of one name', () => {
    expect(viewHref('compare', { trace: ['a', 'b'] })).toBe('/compare?trace=a&trace=b')
  })
})

test('the overview is at the root, a trace under its id', () => {
  expect(viewHref('overview', { window: '1m' })).toBe('/?window=1m')
  expect(traceHref('a/b', { span: 'c' })).toBe('/traces/a%2Fb?span=c')
})

test('whatever parameters an address has, its text leads back to them', () => {
  const name = fc.string({ minLength: 1, maxLength: 8 })
  const value = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' })
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value)), (pairs) => {
      const again = parseAddress('/logs', renderSearch(pairs).slice(1))
      expect(again.parameters).toEqual(pairs)
    }),
  )
})
