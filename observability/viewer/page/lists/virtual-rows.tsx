import { type ComponentChildren, Fragment, type Ref } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { formatCount } from '../state/format.ts'
import { findLike, readRow } from './move-by-keys.ts'
import { useIsPrinting } from './use-is-printing.ts'

type VirtualRowsProps<T> = {
  readonly items: readonly T[]
  readonly keyOf: (item: T) => string
  readonly rowHeight: number
  /** `isCurrent` is true of the one row that the tab key reaches: a list is one stop, not thousands. */
  readonly renderRow: (item: T, index: number, isCurrent: boolean) => ComponentChildren
  /** Called while the end is less than some screens away. */
  readonly onNearEnd?: () => void
  /** Content above the rows that does not scroll away. */
  readonly header?: ComponentChildren
  /** Attributes of the element that scrolls. */
  readonly scroller?: Readonly<Record<string, unknown>>
  readonly scrollerRef?: Ref<HTMLDivElement>
  /** Keeps the rows in sight where they are when others come in above them. */
  readonly anchored?: boolean
  /** The scroll position, to begin with and kept up to date. */
  readonly place?: { top: number }
}

const overscanRows = 8
const nearEndScreens = 3
/** Paper takes rows that are out of sight too, but not without end. */
const printedRowsMax = 1_000

/**
 * A list of any length of which only the rows in sight are in the document.
 *
 * All rows have the same height, so positions are exact and the scroll bar is true. Rows that leave lend their elements
 * to rows that come, which is several times faster than creating new ones: a row's key is its slot in the window, so
 * `renderRow` gives no key. The focus stays with the item, not with the element.
 */
export function VirtualRows<T>(props: VirtualRowsProps<T>) {
  const { items, keyOf, rowHeight, renderRow, header, scroller, place, anchored = false } = props
  const own = useRef<HTMLDivElement>(null)
  const [seen, setSeen] = useState({ first: 0, count: 40 })
  const [currentKey, setCurrentKey] = useState<string | undefined>(undefined)
  // As a reference too: the focus may have moved on before a rendering that was under way is done.
  const focusedKey = useRef<string | undefined>(undefined)
  const isPrinting = useIsPrinting()

  const measure = () => {
    const element = own.current
    if (element === null) return
    if (place !== undefined) place.top = element.scrollTop
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
  useLayoutEffect(() => {
    if (own.current !== null && place !== undefined) own.current.scrollTop = place.top
  }, [])
  const hold = useAnchor(own, items, keyOf, rowHeight, anchored)
  useLayoutEffect(measure, [items.length])
  useLayoutEffect(() => keepFocus(own.current, items, keyOf, focusedKey.current))

  const from = isPrinting ? 0 : Math.max(0, seen.first - overscanRows)
  const last = isPrinting ? printedRowsMax : seen.first + seen.count + overscanRows
  const to = Math.min(items.length, last)
  const slots = isPrinting ? printedRowsMax : seen.count + 2 * overscanRows
  const rows = items.slice(from, to)
  const current = rows.findIndex((item) => keyOf(item) === currentKey)
  const firstInSight = seen.first === 0 ? 0 : Math.min(seen.first + 4, items.length - 1)
  const currentRow = current === -1 ? firstInSight : from + current
  return (
    <div
      tabIndex={-1}
      {...hold}
      {...scroller}
      class={`rows-scroller ${String(scroller?.class ?? '')}`}
      ref={(element) => {
        own.current = element
        assign(props.scrollerRef, element)
      }}
      onScroll={measure}
      onFocusIn={(event: FocusEvent) => {
        const row = event.target instanceof Element ? readRow(event.target) : undefined
        const item = row === undefined ? undefined : items[row]
        if (item === undefined) return
        focusedKey.current = keyOf(item)
        setCurrentKey(focusedKey.current)
      }}
    >
      {header}
      <div
        class="rows-all"
        role="presentation"
        style={{ height: isPrinting ? 'auto' : `${items.length * rowHeight}px` }}
      >
        <div
          class="rows-seen"
          role="presentation"
          style={{ transform: isPrinting ? 'none' : `translateY(${from * rowHeight}px)` }}
        >
          {rows.map((item, index) => (
            <Fragment key={(from + index) % slots}>
              {renderRow(item, from + index, from + index === currentRow)}
            </Fragment>
          ))}
        </div>
      </div>
      {isPrinting && to < items.length && (
        <p class="note" role="presentation">
          and {formatCount(items.length - to)} more
        </p>
      )}
    </div>
  )
}

/**
 * When rows arrive above the reading position, the list scrolls by their height. At its top it shows new rows, but not
 * while the pointer is over the rows or a row has the focus: a row about to be chosen must not move.
 *
 * @returns Listeners for the element that scrolls.
 */
function useAnchor<T>(
  own: { readonly current: HTMLDivElement | null },
  items: readonly T[],
  keyOf: (item: T) => string,
  rowHeight: number,
  anchored: boolean,
) {
  const anchor = useRef<string | undefined>(undefined)
  const isPointedAt = useRef(false)
  /** It was scrolled from the top by us, and goes back there when the pointer leaves. */
  const isHeld = useRef(false)
  useLayoutEffect(() => {
    const element = own.current
    const [first] = items
    const before = anchor.current
    anchor.current = first === undefined ? undefined : keyOf(first)
    if (!anchored || element === null || before === undefined) return
    const isAtTop = element.scrollTop < rowHeight
    const isChosenFrom = isPointedAt.current || element.contains(document.activeElement)
    if (isAtTop && !isChosenFrom) return
    const added = items.findIndex((item) => keyOf(item) === before)
    if (added <= 0) return
    isHeld.current ||= isAtTop
    element.scrollTop += added * rowHeight
  }, [items])
  return {
    onPointerEnter: ({ pointerType }: PointerEvent) => {
      isPointedAt.current = pointerType === 'mouse'
    },
    onPointerLeave: () => {
      isPointedAt.current = false
      const isFocused = own.current?.contains(document.activeElement) === true
      if (isHeld.current && !isFocused && own.current !== null) own.current.scrollTop = 0
      isHeld.current = false
    },
    onWheel: () => {
      isHeld.current = false
    },
  }
}

/**
 * An element that has the focus may show another item now. The focus goes where its own item is
 * shown, or to the list while that is out of sight: Enter must not open what just came by.
 */
function keepFocus<T>(
  list: HTMLDivElement | null,
  items: readonly T[],
  keyOf: (item: T) => string,
  currentKey: string | undefined,
): void {
  const focused = document.activeElement
  if (list === null || focused === null || focused === list || !list.contains(focused)) return
  const row = readRow(focused)
  const shown = row === undefined ? undefined : items[row]
  if (shown === undefined || currentKey === undefined || keyOf(shown) === currentKey) return
  const own = items.findIndex((item) => keyOf(item) === currentKey)
  const target = own === -1 ? null : findLike(list, own, focused)
  ;(target ?? list).focus({ preventScroll: true })
}

function assign(ref: Ref<HTMLDivElement> | undefined, element: HTMLDivElement | null): void {
  if (typeof ref === 'function') ref(element)
  else if (ref) ref.current = element
}
