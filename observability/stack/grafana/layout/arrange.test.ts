import { describe, expect, test } from 'vitest'
import { arrange } from './arrange.ts'

const panel = (title: string) => ({ type: 'stat', title })

describe('the layout', () => {
  test('puts sections below each other, lines below their heading, panels side by side', () => {
    const placed = arrange([
      {
        title: 'one',
        lines: [
          { height: 4, panels: [panel('a'), panel('b')] },
          { height: 8, panels: [panel('c')] },
        ],
      },
      { title: 'two', repeat: 'route', lines: [{ height: 2, panels: [panel('d')] }] },
    ])

    expect(placed.map(({ id, title, gridPos }) => [id, title, gridPos])).toEqual([
      [1, 'one', { x: 0, y: 0, w: 24, h: 1 }],
      [2, 'a', { x: 0, y: 1, w: 12, h: 4 }],
      [3, 'b', { x: 12, y: 1, w: 12, h: 4 }],
      [4, 'c', { x: 0, y: 5, w: 24, h: 8 }],
      [5, 'two', { x: 0, y: 13, w: 24, h: 1 }],
      [6, 'd', { x: 0, y: 14, w: 24, h: 2 }],
    ])
    expect(placed.filter(({ repeat }) => repeat !== undefined).map(({ title }) => title)).toEqual([
      'two',
    ])
  })

  test('refuses a line whose panels cannot be equally wide', () => {
    const panels = ['a', 'b', 'c', 'd', 'e'].map(panel)

    expect(() => arrange([{ title: 'one', lines: [{ height: 1, panels }] }])).toThrow(
      'one: 5 panels in a line, expected a divisor of 24',
    )
  })
})
