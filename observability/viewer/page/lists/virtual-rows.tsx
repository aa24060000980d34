import { type ComponentChildren, Fragment, type Ref } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'

export type VirtualRowsProps<T> = {
  readonly items: readonly T[]
  readonly keyOf: (item: T) => string
  readonly rowHeight: number
  readonly renderRow: (item: T, index: number) => ComponentChildren
  /** Called while the end is less than some screens away. */
  readonly onNearEnd?: () => void
  /** What stands above the rows and stays there while they scroll. */
  readonly header?: ComponentChildren
  /** Attributes of the element that scrolls. */
  readonly scroller?: Readonly<Record<string, unknown>>
  readonly scrollerRef?: Ref<HTMLDivElement>
  /** Keeps the rows in sight where they are when others come in above them. */
  readonly anchored?: boolean
}

const overscanRows = 8
const nearEndScreens = 3

/**
 * A list of any length of which only the rows in sight are in the document.
 *
 * All rows have the same height: where a row is, is then a multiplication, and the scroll bar tells
 * the truth. Rows that leave lend their elements to those that come, which is several times faster
 * than to make new ones: a row's key is its slot in the window, and `renderRow` gives it none.
 */
export function VirtualRows<T>(props: VirtualRowsProps<T>) {
  const { items, keyOf, rowHeight, renderRow, header, scroller, anchored = false } = props
  const own = useRef<HTMLDivElement>(null)
  const [seen, setSeen] = useState({ first: 0, count: 40 })

  const measure = () => {
    const element = own.current
    if (element === null) return
    // Whole steps of several rows: most scroll events then change nothing and render nothing.
    const first = Math.floor(element.scrollTop / rowHeight / 4) * 4
    const count = Math.ceil(element.clientHeight / rowHeight) + 4
    setSeen((before) =>
      before.first === first && before.count === count ? before : { first, count },
    )
    const left = items.length - first - count
    if (left < nearEndScreens * count) props.onNearEnd?.()
  }

  useLayoutEffect(() => {
    const element = own.current
    if (element === null) return
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  })
  useAnchor(own, items, keyOf, rowHeight, anchored)
  useLayoutEffect(measure, [items.length])

  const from = Math.max(0, seen.first - overscanRows)
  const to = Math.min(items.length, seen.first + seen.count + overscanRows)
  const slots = seen.count + 2 * overscanRows
  return (
    <div
      {...scroller}
      class={`rows-scroller ${String(scroller?.class ?? '')}`}
      ref={(element) => {
        own.current = element
        assign(props.scrollerRef, element)
      }}
      onScroll={measure}
    >
      {header}
      <div class="rows-all" role="presentation" style={{ height: `${items.length * rowHeight}px` }}>
        <div
          class="rows-seen"
          role="presentation"
          style={{ transform: `translateY(${from * rowHeight}px)` }}
        >
          {items.slice(from, to).map((item, index) => (
            <Fragment key={(from + index) % slots}>{renderRow(item, from + index)}</Fragment>
          ))}
        </div>
      </div>
    </div>
  )
}

/** When rows come in above what somebody reads, the list is scrolled by as much. */
function useAnchor<T>(
  own: { readonly current: HTMLDivElement | null },
  items: readonly T[],
  keyOf: (item: T) => string,
  rowHeight: number,
  anchored: boolean,
): void {
  const anchor = useRef<string | undefined>(undefined)
  useLayoutEffect(() => {
    const element = own.current
    const [first] = items
    const before = anchor.current
    anchor.current = first === undefined ? undefined : keyOf(first)
    if (!anchored || element === null || before === undefined || element.scrollTop < rowHeight)
      return
    const added = items.findIndex((item) => keyOf(item) === before)
    if (added > 0) element.scrollTop += added * rowHeight
  }, [items])
}

function assign(ref: Ref<HTMLDivElement> | undefined, element: HTMLDivElement | null): void {
  if (typeof ref === 'function') ref(element)
  else if (ref) ref.current = element
}
