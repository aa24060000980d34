const steps: ReadonlyMap<string, number> = new Map([
  ['ArrowDown', 1],
  ['j', 1],
  ['ArrowUp', -1],
  ['k', -1],
])

/**
 * Moves the focus from row to row with the arrow keys, or j and k, in a list whose rows have a
 * `data-row` with their number; `x` ticks the box of the row.
 */
export function moveByKeys(event: KeyboardEvent): void {
  if (!(event.target instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.altKey)
    return
  const row = event.target.closest('[role=row], [role=listitem]')
  if (event.key === 'x' && row !== null) {
    row.querySelector<HTMLInputElement>('input[type=checkbox]')?.click()
    return
  }
  const step = steps.get(event.key)
  if (step === undefined || event.target instanceof HTMLSelectElement) return
  const list = event.currentTarget instanceof HTMLElement ? event.currentTarget : undefined
  const at = Number(row?.querySelector<HTMLElement>('[data-row]')?.dataset.row ?? -step)
  const next = list?.querySelector<HTMLElement>(`[data-row="${at + step}"]`)
  if (next === null || next === undefined) return
  event.preventDefault()
  next.focus()
}
