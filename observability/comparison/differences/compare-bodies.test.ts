import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answerRules, type BodyRule } from './answer-rules.ts'
import { bodyDepthMax, compareBodies, type JsonValue } from './compare-bodies.ts'

function summarize(
  expected: JsonValue,
  actual: JsonValue,
  rules: readonly BodyRule[] = answerRules.body,
): readonly string[] {
  return compareBodies('list', expected, actual, rules).map(({ kind, subject }) => {
    return `${kind.replace('answer.body.', '')} ${subject}`
  })
}

test('a body compared with itself has no differences', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      // JSON has no minus zero; a round trip makes the copy that a client would have.
      const body: JsonValue = JSON.parse(JSON.stringify(value))
      expect(compareBodies('list', body, structuredClone(body), [])).toEqual([])
    }),
  )
})

test('two bodies that differ have a difference', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const left: JsonValue = JSON.parse(JSON.stringify(a))
      const right: JsonValue = JSON.parse(JSON.stringify(b))
      const isSame = renderSorted(left) === renderSorted(right)
      expect(compareBodies('list', left, right, []).length === 0).toBe(isSame)
    }),
    { numRuns: 500 },
  )
})

function renderSorted(value: JsonValue): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

test('the order of members does not count, that of elements does', () => {
  expect(summarize({ a: 1, b: 2 }, { b: 2, a: 1 })).toEqual([])
  expect(summarize([1, 2], [2, 1])).toEqual(['value /0', 'value /1'])
})

test('of a member that is missing, what is inside it is not named', () => {
  expect(summarize({ errors: [{ path: '/a' }] }, {})).toEqual(['missing /errors'])
})

test('of a member of another type, what is inside it is not named', () => {
  expect(summarize({ errors: [{ path: '/a' }] }, { errors: { path: '/a' } })).toEqual([
    'type /errors',
  ])
})

test('null is another type than a string', () => {
  expect(summarize({ description: null }, { description: 'x' })).toEqual(['type /description'])
})

test('keys with slashes and tildes are escaped as RFC 6901 asks', () => {
  expect(summarize({ 'a/b~c': 1 }, {})).toEqual(['missing /a~1b~0c'])
})

test('a key named __proto__ is a key like any other', () => {
  const body: JsonValue = JSON.parse('{"__proto__": {"x": 1}}')
  expect(summarize(body, {})).toEqual(['missing /__proto__'])
})

describe('volatile', () => {
  test('ids and times may have any value of their type, at any depth', () => {
    const todo = (id: string, time: string) => ({ id, created_at: time, updated_at: time })
    expect(summarize([todo('a', '1')], [todo('b', '2')])).toEqual([])
    expect(summarize({ id: 'a' }, { id: 1 })).toEqual(['type /id'])
    expect(summarize({ id: 'a' }, {})).toEqual(['missing /id'])
  })

  test('ids inside a sentence are masked', () => {
    const detail = (id: string) => ({ detail: `no todo ${id}` })
    expect(
      summarize(
        detail('1b671a64-40d5-491e-99b0-da01ff1f3341'),
        detail('6ec0bd7f-11c0-43da-975e-2a8ad9ebae0b'),
      ),
    ).toEqual([])
    expect(summarize({ detail: 'no todo' }, { detail: 'no route' })).toEqual(['value /detail'])
  })

  test('a value of any content hides what is inside it', () => {
    const rules = [{ pointer: '/meta', ignore: 'value', reason: 'test' }] as const
    expect(summarize({ meta: { a: 1 } }, { meta: { b: 'x' } }, rules)).toEqual([])
    expect(summarize({ meta: { a: 1 } }, { meta: [] }, rules)).toEqual(['type /meta'])
  })

  test('a rule of another operation does not hold', () => {
    const rules = [{ operation: 'get', pointer: '*', ignore: 'value', reason: 'test' }] as const
    expect(summarize({ a: 1 }, { a: 2 }, rules)).toEqual(['value /a'])
  })
})

describe('elements taken together', () => {
  const rules = [
    { pointer: '', ignore: 'elements', reason: 'a list of whatever there is' },
  ] as const

  test('may be any number, of any value', () => {
    expect(summarize([{ title: 'a' }, { title: 'b' }], [{ title: 'c' }], rules)).toEqual([])
    expect(summarize([{ title: 'a' }], [], rules)).toEqual([])
  })

  test('have the same members of the same types', () => {
    expect(summarize([{ title: 'a', n: 1 }], [{ title: 1 }], rules)).toEqual([
      'type /*/title',
      'missing /*/n',
    ])
    expect(summarize([{}], [{ extra: 1 }], rules)).toEqual(['extra /*/extra'])
  })

  test('are null or not by chance', () => {
    const described = [{ description: null }, { description: 'x' }]
    expect(summarize(described, [{ description: null }], rules)).toEqual([])
    expect(summarize(described, [{ description: 'y' }], rules)).toEqual([])
    expect(summarize(described, [{ description: 1 }], rules)).toEqual(['type /*/description'])
  })

  test('are still a list', () => {
    expect(summarize([], {}, rules)).toEqual(['type '])
  })
})

test('nothing deeper than the limit is compared, and no depth is too much', () => {
  const nest = (leaf: JsonValue, depth: number): JsonValue => {
    let value = leaf
    for (let level = 0; level < depth; level += 1) value = [value]
    return value
  }
  expect(summarize(nest(1, bodyDepthMax), nest(2, bodyDepthMax))).toHaveLength(1)
  expect(summarize(nest(1, bodyDepthMax + 1), nest(2, bodyDepthMax + 1))).toEqual([])
  expect(summarize(nest(1, 100_000), nest(2, 100_000))).toEqual([])
})
