import type { RefObject } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'

/** An element and its width in pixels, kept true while it changes. */
export function useWidth(): readonly [RefObject<HTMLDivElement | null>, number] {
  const element = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(400)
  useLayoutEffect(() => {
    const own = element.current
    if (own === null) return
    const measure = () => setWidth(Math.max(120, Math.floor(own.clientWidth)))
    const observer = new ResizeObserver(measure)
    observer.observe(own)
    measure()
    return () => observer.disconnect()
  }, [])
  return [element, width]
}
