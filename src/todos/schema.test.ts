import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { pageSchema, todoCreateSchema, todoIdSchema, todoUpdateSchema } from './schema.ts'

function messages(schema: v.GenericSchema, input: unknown) {
  const { issues = [] } = v.safeParse(schema, input)
  return issues.map((issue) => [v.getDotPath(issue), issue.message])
}

describe('a new todo', () => {
  test('needs a title only', () => {
    expect(v.parse(todoCreateSchema, { title: 'buy milk' })).toEqual({
      title: 'buy milk',
      description: null,
      completed: false,
    })
  })

  test('loses its unknown fields', () => {
    const todo = v.parse(todoCreateSchema, { title: 'buy milk', id: 'x', created_at: 'y' })

    expect(Object.keys(todo)).toEqual(['title', 'description', 'completed'])
  })

  test.each([
    ['one character', 'a'],
    ['200 characters', 'a'.repeat(200)],
    ['200 characters of two code units', '🦊'.repeat(200)],
    ['spaces', '   '],
  ])('may have a title of %s', (_, title) => {
    expect(messages(todoCreateSchema, { title })).toEqual([])
  })

  const length = 'expected 1 to 200 characters, got'
  const storable = 'expected Unicode text without NUL, got text that cannot be stored'
  test.each([
    ['absent', {}, ['title', 'expected a value, got none']],
    ['empty', { title: '' }, ['title', `${length} none`]],
    ['too long by one', { title: 'a'.repeat(201) }, ['title', `${length} more`]],
    ['too long by one code point', { title: '🦊'.repeat(201) }, ['title', `${length} more`]],
    ['a mebibyte', { title: 'a'.repeat(2 ** 20) }, ['title', `${length} more`]],
    ['a number', { title: 5 }, ['title', 'expected a string, got a number']],
    ['null', { title: null }, ['title', 'expected a string, got null']],
    ['an array', { title: [] }, ['title', 'expected a string, got an array']],
    ['an object', { title: {} }, ['title', 'expected a string, got an object']],
    ['with a NUL', { title: 'a\0b' }, ['title', storable]],
    ['half a surrogate pair', { title: '\ud83e' }, ['title', storable]],
  ])('is refused when its title is %s', (_, input, message) => {
    expect(messages(todoCreateSchema, input)).toEqual([message])
  })

  test('may have a description of 10,000 characters, and no more', () => {
    const describe = (description: string) =>
      messages(todoCreateSchema, { title: 'a', description })
    const refused = [['description', 'expected at most 10000 characters, got more']]

    expect(describe('🦊'.repeat(10_000))).toEqual([])
    expect(describe('🦊'.repeat(10_001))).toEqual(refused)
    expect(describe('a'.repeat(10_001))).toEqual(refused)
    expect(messages(todoUpdateSchema, { description: 'a'.repeat(10_001) })).toEqual(refused)
  })

  test('is told of every violation at once', () => {
    const input = { title: 7, description: '\udc00', completed: 'yes' }

    expect(messages(todoCreateSchema, input)).toEqual([
      ['title', 'expected a string, got a number'],
      ['description', storable],
      ['completed', 'expected a boolean, got a string'],
    ])
  })

  test('is accepted exactly when its title has 1 to 200 storable code points', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 450 }),
      fc
        .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 450 })
        .map((units) => String.fromCharCode(...units)),
    )
    fc.assert(
      fc.property(text, (title) => {
        const points = Array.from(title, (point) => point.codePointAt(0) ?? 0)
        const isStorable = points.every((point) => point > 0 && (point < 0xd800 || point > 0xdfff))
        const isValid = isStorable && points.length >= 1 && points.length <= 200
        expect(v.is(todoCreateSchema, { title })).toBe(isValid)
      }),
    )
  })
})

describe('an update', () => {
  test('holds only what is given', () => {
    expect(v.parse(todoUpdateSchema, { completed: true, color: 'red' })).toEqual({
      completed: true,
    })
    expect(v.parse(todoUpdateSchema, {})).toEqual({})
  })

  test('may clear the description, but not the title', () => {
    expect(messages(todoUpdateSchema, { description: null })).toEqual([])
    expect(messages(todoUpdateSchema, { title: null })).toEqual([
      ['title', 'expected a string, got null'],
    ])
  })
})

describe('an id', () => {
  test('is a UUID of any version, in either case, and lower case afterwards', () => {
    const id = 'FFFFFFFF-0000-0000-0000-00000000000a'

    expect(v.parse(todoIdSchema, { id })).toEqual({ id: id.toLowerCase() })
  })

  test.each([
    '1',
    '00000000000000000000000000000000',
    '{00000000-0000-0000-0000-000000000000}',
    '00000000-0000-0000-0000-00000000000g',
    ' 00000000-0000-0000-0000-000000000000',
    '00000000-0000-0000-0000-000000000000\n',
  ])('%j is none', (id) => {
    expect(messages(todoIdSchema, { id })).toEqual([['id', 'expected a UUID']])
  })
})

describe('a page', () => {
  test('is the first 100 when nothing is said', () => {
    expect(v.parse(pageSchema, {})).toEqual({ skip: 0, limit: 100 })
  })

  test.each([
    [
      { skip: '0', limit: '1' },
      { skip: 0, limit: 1 },
    ],
    [
      { skip: '9007199254740991', limit: '500' },
      { skip: Number.MAX_SAFE_INTEGER, limit: 500 },
    ],
    [
      { skip: '007', limit: '0500' },
      { skip: 7, limit: 500 },
    ],
  ])('%j is %j', (query, page) => {
    expect(v.parse(pageSchema, query)).toEqual(page)
  })

  const wrong = ['', ' ', '-1', '+1', '1.0', '1e2', '0x10', '１', 'NaN', 'null', '9'.repeat(17)]
  test.each([...wrong, '0', '501'])('has no limit of %j', (limit) => {
    expect(messages(pageSchema, { limit })).toEqual([
      ['limit', 'expected one integer from 1 to 500 in decimal digits'],
    ])
  })

  test('has one skip and one limit', () => {
    expect(messages(pageSchema, { skip: ['1', '1'], limit: ['1', '2', '3'] })).toEqual([
      ['skip', 'expected one integer from 0 to 9007199254740991 in decimal digits'],
      ['limit', 'expected one integer from 1 to 500 in decimal digits'],
    ])
  })

  test.each([...wrong, '9007199254740992'])('has no skip of %j', (skip) => {
    expect(messages(pageSchema, { skip })).toEqual([
      ['skip', 'expected one integer from 0 to 9007199254740991 in decimal digits'],
    ])
  })
})
