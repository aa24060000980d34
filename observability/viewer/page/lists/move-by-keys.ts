import { readShortcut } from '../state/read-shortcut.ts'

/** Rows are told by the element that leads on from them: it has its row's number as `data-row`. */
const rowSelector = '[role=row], [role=listitem]'

/** The row number of an element; `undefined` outside the rows. */
export function readRow(element: Element): number | undefined {
  const leading = element.closest(rowSelector)?.querySelector<HTMLElement>('[data-row]')
  const row = Number(leading?.dataset.row ?? Number.NaN)
  return Number.isNaN(row) ? undefined : row
}

/** The element of a row that is like another one of another row: its box, or what leads on. */
export function findLike(
  list: Element,
  row: number,
  other: Element,
): HTMLElement | null | undefined {
  const leading = list.querySelector<HTMLElement>(`[data-row="${row}"]`)
  if (!(other instanceof HTMLInputElement)) return leading
  return leading?.closest(rowSelector)?.querySelector('input')
}

/** Moves the focus from row to row, or ticks the box of the row, as the table of keys says. */
export function moveByKeys(event: KeyboardEvent): void {
  const { target, currentTarget: list } = event
  if (!(target instanceof HTMLElement) || !(list instanceof HTMLElement)) return
  const action = readShortcut('list', event)
  if (action === 'select') {
    target.closest(rowSelector)?.querySelector<HTMLInputElement>('input[type=checkbox]')?.click()
    return
  }
  if (action !== 'next' && action !== 'previous') return
  const step = action === 'next' ? 1 : -1
  const row = readRow(target)
  const next =
    row === undefined
      ? list.querySelector<HTMLElement>('[data-row][tabindex="0"]')
      : findLike(list, row + step, target)
  if (next === null || next === undefined) return
  event.preventDefault()
  next.focus()
}
