import { signal } from '@preact/signals'
import type { RefObject } from 'preact'

const storageKey = 'waterfall-name-percent'
/** So that neither names nor bars are left without a place. */
const [percentMin, percentMax] = [15, 75] as const
/** As in the style sheet, as long as the reader has chosen none. */
const percentDefault = 34
const keyPercent = 2

/** The part of the waterfall's width that names take, in percent; kept in this browser for the next trace. */
const namePercent = signal(readStored())

/** For the style of the element around the waterfall; the style sheet's own width if none was chosen. */
export function nameWidthStyle(): Readonly<Record<string, string>> {
  return namePercent.value === undefined ? {} : { '--name-width': `${namePercent.value}%` }
}

/** The line between names and bars: dragged, or moved by the arrow keys; a double click gives it back. */
export function NameSeparator({ frame }: { readonly frame: RefObject<HTMLElement | null> }) {
  const percent = namePercent.value ?? percentDefault
  const onPointerMove = (event: PointerEvent) => {
    const own = event.currentTarget
    const box = frame.current?.getBoundingClientRect()
    if (!(own instanceof Element) || !own.hasPointerCapture(event.pointerId) || !box) return
    choose(((event.clientX - box.left) / box.width) * 100)
  }
  const onKeyDown = ({ key }: KeyboardEvent) => {
    if (key === 'ArrowLeft') choose(percent - keyPercent)
    else if (key === 'ArrowRight') choose(percent + keyPercent)
    else if (key === 'Home') choose(percentMin)
    else if (key === 'End') choose(percentMax)
    else return false
    return true
  }
  return (
    <hr
      class="name-separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label="Width of the names"
      aria-valuemin={percentMin}
      aria-valuemax={percentMax}
      aria-valuenow={Math.round(percent)}
      title="Drag, or use the arrow keys, to give names more room; a double click resets it"
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
      onDblClick={() => choose(undefined)}
      onKeyDown={(event) => {
        if (onKeyDown(event)) event.preventDefault()
      }}
    />
  )
}

function choose(percent: number | undefined): void {
  namePercent.value =
    percent === undefined ? undefined : Math.max(percentMin, Math.min(percentMax, percent))
  try {
    if (namePercent.value === undefined) localStorage.removeItem(storageKey)
    else localStorage.setItem(storageKey, String(namePercent.value))
  } catch {
    // A browser that keeps nothing: the width lasts as long as the page.
  }
}

function readStored(): number | undefined {
  try {
    const stored = Number(localStorage.getItem(storageKey) ?? Number.NaN)
    return stored >= percentMin && stored <= percentMax ? stored : undefined
  } catch {
    return undefined
  }
}
