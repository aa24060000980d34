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

const steps: ReadonlyMap<string, number> = new Map([
  ['ArrowDown', 1],
  ['j', 1],
  ['ArrowUp', -1],
  ['k', -1],
])

/**
 * Moves the focus from row to row with the arrow keys, or j and k; `x` ticks the box of the row.
 */
export function moveByKeys(event: KeyboardEvent): void {
  const { target, currentTarget: list } = event
  if (!(target instanceof HTMLElement) || !(list instanceof HTMLElement)) return
  if (event.ctrlKey || event.metaKey || event.altKey) return
  if (event.key === 'x') {
    target.closest(rowSelector)?.querySelector<HTMLInputElement>('input[type=checkbox]')?.click()
    return
  }
  const step = steps.get(event.key)
  if (step === undefined) return
  const row = readRow(target)
  const next =
    row === undefined
      ? list.querySelector<HTMLElement>('[data-row][tabindex="0"]')
      : findLike(list, row + step, target)
  if (next === null || next === undefined) return
  event.preventDefault()
  next.focus()
}
