import fc from 'fast-check'
import { expect, test } from 'vitest'
import { assignColors } from './colors.ts'

test('up to eight names have a colour each, in whatever order they come', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 8 }), (names) => {
      const colors = assignColors(names)
      expect(new Set(colors.values()).size).toBe(names.length)
      expect(assignColors([...names].reverse())).toEqual(colors)
      for (const color of colors.values()) expect(color).toBeGreaterThanOrEqual(0)
      for (const color of colors.values()) expect(color).toBeLessThan(8)
    }),
  )
})

test('more names than colours share them', () => {
  const names = Array.from({ length: 30 }, (_, n) => `runtime ${n}`)
  expect(new Set(assignColors(names).values()).size).toBe(8)
})

test('the runtimes of this project keep theirs, whoever else is there', () => {
  const alone = assignColors(['deno']).get('deno')
  expect(assignColors(['bun', 'node', 'deno', 'workers', 'lambda']).get('deno')).toBe(alone)
})
