import { expect, test } from 'vitest'
import { createArrivalMarks } from './arrival-mark.ts'

const marks = createArrivalMarks(1_767_225_600_000)

test('a mark leads back to the number that it was made of', () => {
  expect(marks.parse(marks.render(0), 'since')).toBe(0)
  expect(marks.parse(marks.render(123_456), 'since')).toBe(123_456)
})

test('for another run of the collector everything is new', () => {
  expect(createArrivalMarks(1_767_225_600_001).parse(marks.render(123), 'since')).toBe(0)
})

test.each(['', '12', 'A-1', 'a-', 'a-1.5', 'a--1', `a-${'9'.repeat(16)}`])(
  '%j is no mark',
  (text) => {
    expect(() => marks.parse(text, 'since')).toThrow(
      'since: expected the arrival of an answer, got',
    )
  },
)
