import { expect, test } from 'vitest'
import { findDrift } from './find-drift.ts'

const wanted = new Map([
  ['a.json', '1\n2\n'],
  ['b.json', '1\n'],
])

test('files that are as they should be are no drift', () => {
  expect(findDrift(wanted, new Map(wanted))).toEqual([])
})

test('a file that differs is named with its first line that does', () => {
  const found = (text: string) => findDrift(wanted, new Map([...wanted, ['a.json', text]]))

  expect(found('1\nx\n')).toEqual(['a.json differs from its source at line 2'])
  expect(found('1\n2')).toEqual(['a.json differs from its source at line 3'])
  expect(found('1\n2\n\n')).toEqual(['a.json differs from its source at line 4'])
  expect(found('')).toEqual(['a.json differs from its source at line 1'])
})

test('a file that is missing, and one that nobody writes, are named', () => {
  expect(
    findDrift(
      wanted,
      new Map([
        ['b.json', '1\n'],
        ['c.json', ''],
      ]),
    ),
  ).toEqual(['a.json is missing', 'c.json belongs to no dashboard'])
})
