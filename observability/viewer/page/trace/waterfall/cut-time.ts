import type { Extent } from '../held-trace.ts'

/** Less than this could not be told apart by the clocks that spans come from. */
const shownNanosMin = 1_000
/** What an arrow key moves an edge by, as part of the time shown. */
const keyStep = 0.1

/** Where a time is, in percent of a stretch of time; outside of 0 to 100 if it lies outside. */
export function placeIn({ startNanos, endNanos }: Extent, nanos: bigint): number {
  const length = Number(endNanos - startNanos)
  return length === 0 ? 0 : (Number(nanos - startNanos) / length) * 100
}

/**
 * The part of a stretch between two of its points, in either order, in parts of 1.
 *
 * @returns Never outside of the stretch, and a microsecond long at least, or as long as the stretch.
 */
export function cutTime(whole: Extent, a: number, b: number): Extent {
  const length = Number(whole.endNanos - whole.startNanos)
  const least = Math.min(length, shownNanosMin)
  const from = clamp(Math.min(a, b) * length, 0, length - least)
  const to = clamp(Math.max(a, b) * length, from + least, length)
  return {
    startNanos: whole.startNanos + BigInt(Math.round(from)),
    endNanos: whole.startNanos + BigInt(Math.round(to)),
  }
}

/** An edge of the time shown, moved to a point of the whole; it does not pass the other edge. */
export function moveEdge(whole: Extent, shown: Extent, edge: Edge, to: number): Extent {
  const [start, end] = readParts(whole, shown)
  return edge === 'start'
    ? cutTime(whole, Math.min(to, end), end)
    : cutTime(whole, start, Math.max(to, start))
}

/** The beginning or the end of the time shown. */
export type Edge = 'start' | 'end'

/** What a key does to an edge, by the ARIA practice for sliders; `undefined` if nothing. */
export function moveEdgeByKey(
  whole: Extent,
  shown: Extent,
  edge: Edge,
  key: string,
): Extent | undefined {
  const [start, end] = readParts(whole, shown)
  const at = edge === 'start' ? start : end
  const step = keyStep * (end - start)
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return moveEdge(whole, shown, edge, at + step)
    case 'ArrowLeft':
    case 'ArrowDown':
      return moveEdge(whole, shown, edge, at - step)
    case 'Home':
      return moveEdge(whole, shown, edge, 0)
    case 'End':
      return moveEdge(whole, shown, edge, 1)
    default:
      return undefined
  }
}

/** As much time as is shown, with a point of the whole in its middle, or as near as the ends allow. */
export function centerTime(whole: Extent, shown: Extent, at: number): Extent {
  const [start, end] = readParts(whole, shown)
  const from = clamp(at - (end - start) / 2, 0, 1 - (end - start))
  return cutTime(whole, from, from + (end - start))
}

/** A span's time with a little around it, so that its ends are seen. */
export function cutAround(whole: Extent, span: Extent): Extent {
  const [start, end] = readParts(whole, span)
  const margin = (end - start) * 0.05
  return cutTime(whole, start - margin, end + margin)
}

function readParts(whole: Extent, part: Extent): readonly [number, number] {
  return [placeIn(whole, part.startNanos) / 100, placeIn(whole, part.endNanos) / 100]
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value))
}
