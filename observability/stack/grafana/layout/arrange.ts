import type { GridPos, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard'

/** Panels under one heading, which can be folded. */
export type Section = {
  readonly title: string
  /** The variable with a section for each of its values. */
  readonly repeat?: string
  readonly lines: readonly Line[]
}

/** Panels side by side, as wide as each other unless told otherwise. */
export type Line = {
  /** In units of the grid, about 30 pixels. */
  readonly height: number
  readonly panels: readonly Panel[]
}

/** Width of Grafana's grid. */
const columns = 24

/**
 * Puts sections below each other and gives every panel its place and its number.
 *
 * A repeated section has to be the last: Grafana moves what stands below it, but only what it knows to be below.
 *
 * @throws Error when the panels of a line cannot share the grid's 24 columns equally.
 */
export function arrange(sections: readonly Section[]): (Panel | RowPanel)[] {
  const placed: (Panel | RowPanel)[] = []
  const nextId = () => placed.length + 1
  let y = 0
  for (const { title, repeat, lines } of sections) {
    const gridPos = { x: 0, y, w: columns, h: 1 }
    const row: RowPanel = {
      type: 'row',
      collapsed: false,
      title,
      id: nextId(),
      gridPos,
      panels: [],
    }
    placed.push(repeat === undefined ? row : { ...row, repeat })
    y += 1
    for (const { height, panels } of lines) {
      panels.forEach((panel, index) => {
        const gridPos = place(index, panels.length, y, height, title)
        placed.push({ ...panel, id: nextId(), gridPos })
      })
      y += height
    }
  }
  return placed
}

function place(index: number, count: number, y: number, h: number, title: string): GridPos {
  const w = columns / count
  if (!Number.isInteger(w)) {
    throw new Error(`${title}: ${count} panels in a line, expected a divisor of ${columns}`)
  }
  return { x: index * w, y, w, h }
}
