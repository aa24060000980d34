import type { WaterfallRow } from './waterfall-rows.ts'

/** A key's effect in the tree of a trace, by the ARIA practice for trees. */
export type TreeMove =
  | { readonly kind: 'select'; readonly index: number }
  | { readonly kind: 'toggle'; readonly key: string }

const pageRows = 15

/** `undefined` for a key that has nothing to do with the tree. */
export function readTreeMove(
  key: string,
  rows: readonly WaterfallRow[],
  selected: number,
): TreeMove | undefined {
  const last = rows.length - 1
  const select = (index: number): TreeMove => ({
    kind: 'select',
    index: Math.max(0, Math.min(last, index)),
  })
  const row = rows[selected]
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return select(selected + 1)
    case 'ArrowUp':
    case 'k':
      return select(selected - 1)
    case 'PageDown':
      return select(selected + pageRows)
    case 'PageUp':
      return select(selected - pageRows)
    case 'Home':
      return select(0)
    case 'End':
      return select(last)
    case 'Enter':
    case ' ':
      return row?.kind === 'span' && row.below > 0 ? { kind: 'toggle', key: row.key } : undefined
    case 'ArrowRight':
      if (row?.kind !== 'span' || row.below === 0) return undefined
      return row.isOpen ? select(selected + 1) : { kind: 'toggle', key: row.key }
    case 'ArrowLeft':
      if (row?.kind === 'span' && row.below > 0 && row.isOpen)
        return { kind: 'toggle', key: row.key }
      if (row?.parentKey == null) return undefined
      return select(rows.findIndex((other) => other.key === row.parentKey))
    default:
      return undefined
  }
}
