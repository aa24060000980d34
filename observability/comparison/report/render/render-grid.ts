import { styleText } from 'node:util'
import { escapeControls } from '../../../plumbing/escape-controls.ts'

/** A colour by what it means. */
export type Tone = 'plain' | 'quiet' | 'good' | 'known' | 'bad' | 'heading'

/** A text in a table, and the colour for its meaning. */
export type Cell = { readonly text: string; readonly tone: Tone }

/** The first column is as wide as it must be, but no wider than this: the rest is cut. */
export const labelCharsMax = 40

/** The terminal that a table is drawn for. */
export type GridOptions = {
  /** How many characters fit on a line. */
  readonly columns: number
  readonly color: boolean
}

const formats = {
  quiet: 'dim',
  good: 'green',
  known: 'yellow',
  bad: 'red',
  heading: 'bold',
} as const

/**
 * Rows of cells as text. Where not all columns fit side by side, as many as do come first and the
 * others in grids below, each with the labels again; where not even one fits beside its labels, each
 * row becomes a block of its own with a line per cell.
 *
 * Colours are for the eye only: whoever has none reads the same words.
 *
 * @param labelCount How many cells at the start of a row say what it is about.
 */
export function renderGrid(
  rows: readonly (readonly Cell[])[],
  { columns, color }: GridOptions,
  labelCount = 1,
): string {
  const shown = rows.map((row) => row.map(cleanCell))
  const widths = readWidths(shown)
  const groups = groupColumns(widths, labelCount, columns)
  if (groups === null) return stack(shown, color).join('\n')
  const grids = groups.map((group) => {
    const kept = shown.flatMap((row, index) => pickColumns(row, group, labelCount, index === 0))
    const wide = group.map((column) => widths[column] ?? 0)
    return kept.map((row) => renderRow(row, wide, color)).join('\n')
  })
  return grids.join('\n\n')
}

/** Which columns stand side by side, labels first; `null` when some column fits beside no label. */
function groupColumns(
  widths: readonly number[],
  labelCount: number,
  columns: number,
): readonly (readonly number[])[] | null {
  const all = widths.map((_, column) => column)
  const labels = all.slice(0, labelCount)
  const measure = (group: readonly number[]) =>
    group.reduce((sum, column) => sum + (widths[column] ?? 0) + 2, -2)
  const groups: (readonly number[])[] = []
  let group = labels
  for (const column of all.slice(labelCount)) {
    if (group.length > labelCount && measure([...group, column]) > columns) {
      groups.push(group)
      group = labels
    }
    group = [...group, column]
    if (measure(group) > columns) return null
  }
  return [...groups, group]
}

/** Of a row that has nothing to say in these columns, nothing. */
function pickColumns(
  row: readonly Cell[],
  group: readonly number[],
  labelCount: number,
  isHeading: boolean,
): readonly (readonly Cell[])[] {
  const picked = group.flatMap((column) => row[column] ?? [])
  const isEmpty = picked.slice(labelCount).every(({ text }) => text === '')
  return isEmpty && !isHeading && row.length > labelCount ? [] : [picked]
}

/** The text in its colour, or as it is when there are to be none. */
export function paint(text: string, tone: Tone, color: boolean): string {
  if (!color || tone === 'plain' || text === '') return text
  // Whether to colour was decided by the caller; the stream is not ours to ask.
  return styleText(formats[tone], text, { validateStream: false })
}

/** The cells of a first row. */
export function createHeadings(...texts: readonly string[]): readonly Cell[] {
  return texts.map((text) => ({ text, tone: 'heading' }))
}

/** Lines below a grid that say how to read it. */
export function paintNotes(notes: readonly string[], { color }: GridOptions): readonly string[] {
  return notes.map((note) => paint(escapeControls(note), 'quiet', color))
}

function cleanCell({ text, tone }: Cell, index: number): Cell {
  const clean = escapeControls(text)
  const letters = [...clean]
  const isLong = index === 0 && letters.length > labelCharsMax
  return { text: isLong ? `${letters.slice(0, labelCharsMax - 1).join('')}…` : clean, tone }
}

function readWidths(rows: readonly (readonly Cell[])[]): readonly number[] {
  const count = rows.reduce((most, row) => Math.max(most, row.length), 0)
  return Array.from({ length: count }, (_, index) =>
    rows.reduce((widest, row) => Math.max(widest, countLetters(row[index]?.text ?? '')), 0),
  )
}

function renderRow(row: readonly Cell[], widths: readonly number[], color: boolean): string {
  const cells = row.map(({ text, tone }, index) => {
    const isLast = index === row.length - 1
    const padding = isLast ? 0 : (widths[index] ?? 0) - countLetters(text)
    return paint(text, tone, color) + ' '.repeat(padding)
  })
  return cells.join('  ').trimEnd()
}

/** The heading of each column goes before each of its cells. */
function stack(rows: readonly (readonly Cell[])[], color: boolean): readonly string[] {
  const [headings = [], ...body] = rows
  const width = headings.slice(1).reduce((most, { text }) => Math.max(most, countLetters(text)), 0)
  return body.flatMap(([label, ...cells]) => {
    const lines = cells.map(({ text, tone }, index) => {
      const heading = headings[index + 1]?.text ?? ''
      const padding = ' '.repeat(width - countLetters(heading))
      return `  ${paint(heading, 'heading', color)}${padding}  ${paint(text, tone, color)}`
    })
    return label === undefined ? lines : [paint(label.text, label.tone, color), ...lines]
  })
}

/** Code points: close enough for names of operations, and the same on every terminal. */
function countLetters(text: string): number {
  return [...text].length
}
