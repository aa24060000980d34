import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { countOf } from '../state/format.ts'

/** Items of an endless list that are shown at first; each click shows as many more. */
const shownStep = 200

/** The first of many, with a button for more. */
export function FirstOf<T>({
  items,
  noun,
  renderItem,
  wrapMore = (more) => more,
}: {
  readonly items: readonly T[]
  /** The name of one item. */
  readonly noun: string
  readonly renderItem: (item: T, index: number) => ComponentChildren
  /** Puts the button where it may stand, such as in a row of a table. */
  readonly wrapMore?: (more: ComponentChildren) => ComponentChildren
}) {
  const [shown, setShown] = useState(shownStep)
  const left = items.length - shown
  return (
    <>
      {items.slice(0, shown).map(renderItem)}
      {left > 0 &&
        wrapMore(
          <button type="button" class="quiet" onClick={() => setShown(shown + shownStep)}>
            Show more of {countOf(left, `further ${noun}`)}
          </button>,
        )}
    </>
  )
}
