import { styleText } from 'node:util'
import { escapeControls } from './difference.ts'

/** A colour by what it means. */
export type Tone = 'plain' | 'quiet' | 'good' | 'known' | 'bad' | 'heading'

export type Cell = { readonly text: string; readonly tone: Tone }

/** The first column is as wide as it must be, but no wider than this: the rest is cut. */
export const labelCharsMax = 40

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
 * Rows of cells as text: side by side where they fit into `columns` characters, otherwise
 * each row as a block of its own with a line per cell.
 *
 * Colours are for the eye only: whoever has none reads the same words.
 */
export function renderGrid(
  rows: readonly (readonly Cell[])[],
  { columns, color }: GridOptions,
): string {
  const shown = rows.map((row) => row.map(cleanCell))
  const widths = readWidths(shown)
  const width = widths.reduce((sum, one) => sum + one + 2, -2)
  const lines =
    width <= columns ? shown.map((row) => renderRow(row, widths, color)) : stack(shown, color)
  return lines.join('\n')
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
