import { useSignal } from '@preact/signals'
import { useMemo, useRef } from 'preact/hooks'
import { renderMillis } from '../../../../comparison/trace/clock-trust.ts'
import type { Span } from '../../../../otlp/model.ts'
import type { Extent } from '../held-trace.ts'
import { readSegments, type SegmentPart } from '../segments.ts'
import { centerTime, cutTime, type Edge, moveEdge, moveEdgeByKey, placeIn } from './cut-time.ts'
import type { WaterfallRow } from './waterfall-rows.ts'

type MinimapProps = {
  /** All of the trace, also what a closed span hides. */
  readonly rows: readonly WaterfallRow[]
  readonly attempts: readonly Span[]
  /** The whole trace. */
  readonly extent: Extent
  /** The part of it that the waterfall shows. */
  readonly shown: Extent
  /** `undefined` shows the whole trace. */
  readonly onShow: (shown: Extent | undefined) => void
}

/** What is under way from a press of the pointer on: a new stretch from a point, or an edge that is moved. */
type Drag = { readonly kind: 'stretch'; readonly from: number; readonly to: number } | Edge

/** A shorter drag is a click. In parts of the width. */
const dragMin = 0.01

/** The whole trace in little. Drag over it, or move the edges by keys, to see a part of its time in the waterfall. */
export function Minimap(props: MinimapProps) {
  const { extent, shown, onShow } = props
  const map = useRef<HTMLDivElement>(null)
  const drag = useSignal<Drag | undefined>(undefined)
  const read = ({ clientX }: PointerEvent) => {
    const box = map.current?.getBoundingClientRect()
    return box === undefined || box.width === 0 ? 0 : (clientX - box.left) / box.width
  }
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0 || !(event.target instanceof Element)) return
    const edge = readEdge(event.target.getAttribute('data-edge'))
    map.current?.setPointerCapture(event.pointerId)
    const at = read(event)
    drag.value = edge ?? { kind: 'stretch', from: at, to: at }
  }
  const onPointerMove = (event: PointerEvent) => {
    const now = drag.peek()
    if (now === undefined) return
    if (typeof now === 'string') onShow(moveEdge(extent, shown, now, read(event)))
    else drag.value = { ...now, to: read(event) }
  }
  const onPointerUp = () => {
    const now = drag.peek()
    drag.value = undefined
    if (now === undefined || typeof now === 'string') return
    const isClick = Math.abs(now.to - now.from) < dragMin
    onShow(isClick ? centerTime(extent, shown, now.to) : cutTime(extent, now.from, now.to))
  }
  const [left, right] = readShownPercent(extent, shown, drag.value)
  return (
    <div
      class="minimap"
      ref={map}
      role="group"
      aria-label="Overview of the whole trace"
      title="Drag to show a part of the time; a double click shows all of it"
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={() => {
        drag.value = undefined
      }}
      onDblClick={() => onShow(undefined)}
    >
      <Bars {...props} />
      <i class="minimap-rest" style={{ left: 0, width: `${left}%` }} />
      <i class="minimap-rest" style={{ left: `${right}%`, right: 0 }} />
      <EdgeHandle {...props} edge="start" percent={left} />
      <EdgeHandle {...props} edge="end" percent={right} />
    </div>
  )
}

function EdgeHandle({
  extent,
  shown,
  onShow,
  edge,
  percent,
}: MinimapProps & { readonly edge: Edge; readonly percent: number }) {
  const at = edge === 'start' ? shown.startNanos : shown.endNanos
  const millis = Number(at - extent.startNanos) / 1e6
  return (
    <span
      class={`minimap-edge is-${edge}`}
      style={{ left: `${percent}%` }}
      data-edge={edge}
      role="slider"
      tabIndex={0}
      aria-label={edge === 'start' ? 'Start of the time shown' : 'End of the time shown'}
      aria-valuemin={0}
      aria-valuemax={Number(extent.endNanos - extent.startNanos) / 1e6}
      aria-valuenow={millis}
      aria-valuetext={`${renderMillis(millis)} into the trace`}
      onKeyDown={(event) => {
        const moved =
          event.key === 'Escape' ? extent : moveEdgeByKey(extent, shown, edge, event.key)
        if (moved === undefined) return
        event.preventDefault()
        onShow(moved)
      }}
    />
  )
}

/** The drawing's own units; it is stretched to the size that it gets. */
const [drawnWidth, drawnHeight] = [1_000, 100] as const
/** More could not be told apart in so little height. */
const barsMax = 5_000

/** One path for each colour: thousands of elements would take longer than all of the waterfall. */
function Bars({ rows, attempts, extent }: MinimapProps) {
  const paths = useMemo(() => drawBars(rows, attempts, extent), [rows, extent])
  return (
    <svg viewBox={`0 0 ${drawnWidth} ${drawnHeight}`} preserveAspectRatio="none" aria-hidden="true">
      {[...paths].map(([name, path]) => (
        <path key={name} class={`minimap-bars ${name}`} d={path} />
      ))}
    </svg>
  )
}

function drawBars(
  rows: readonly WaterfallRow[],
  attempts: readonly Span[],
  extent: Extent,
): ReadonlyMap<string, string> {
  const paths = new Map<string, string>()
  const spans = rows.filter((row) => row.kind === 'span')
  const every = Math.ceil(spans.length / barsMax)
  const height = Math.min(12, drawnHeight / spans.length)
  for (const [index, row] of spans.entries()) {
    if (index % every !== 0 && !row.isError) continue
    for (const { part, startNanos, endNanos } of readSegments(row.node.span, attempts)) {
      const name: `part-${SegmentPart}` | 'is-failed' = row.isError ? 'is-failed' : `part-${part}`
      const from = within(placeIn(extent, startNanos))
      const width = Math.max(0.2, within(placeIn(extent, endNanos)) - from)
      const box = [from * 10, index * height, width * 10, Math.max(1, height * 0.8)]
      const [x, y, w, h] = box.map((value) => value.toFixed(1))
      paths.set(name, `${paths.get(name) ?? ''}M${x} ${y}h${w}v${h}h-${w}z`)
    }
  }
  return paths
}

/** While a stretch is being drawn, that; else what is shown. */
function readShownPercent(
  extent: Extent,
  shown: Extent,
  drag: Drag | undefined,
): readonly [left: number, right: number] {
  if (drag !== undefined && typeof drag !== 'string' && Math.abs(drag.to - drag.from) >= dragMin) {
    const parts = [drag.from * 100, drag.to * 100].map(within)
    return [Math.min(...parts), Math.max(...parts)]
  }
  if (extent.startNanos === extent.endNanos) return [0, 100]
  return [within(placeIn(extent, shown.startNanos)), within(placeIn(extent, shown.endNanos))]
}

function within(percent: number): number {
  return Math.max(0, Math.min(100, percent))
}

function readEdge(name: string | null): Edge | undefined {
  return name === 'start' || name === 'end' ? name : undefined
}
