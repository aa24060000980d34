import {
  readClockTrust,
  renderClockMillis,
  renderMillis,
} from '../../../../comparison/trace/clock-trust.ts'
import type { Span } from '../../../../otlp/model.ts'
import { formatClock, formatPrecise } from '../../state/format.ts'
import { type Extent, readSpanMillis } from '../held-trace.ts'
import { partNames, readSegments } from '../segments.ts'
import { type CriticalMark, sumMillis } from './critical-marks.ts'
import { placeIn } from './cut-time.ts'
import { describeImpossibleTime } from './impossible-time.ts'
import { readLogNanos, type WaterfallRow } from './waterfall-rows.ts'

type LaneProps = {
  readonly row: WaterfallRow
  /** The stretch of time that the lane shows. */
  readonly shown: Extent
  /** The trace's attempts to connect to a database. */
  readonly attempts: readonly Span[]
  readonly criticalMarks: ReadonlyMap<string, readonly CriticalMark[]>
}

/** What a row draws on the scale of time. */
export function Lane(props: LaneProps) {
  const { row, shown } = props
  if (row.kind === 'log') {
    const nanos = readLogNanos(row.entry)
    if (!isShown(shown, nanos, nanos)) return <Beyond shown={shown} nanos={nanos} />
    return <Mark shown={shown} name="log-mark" title={formatPrecise(nanos)} nanos={nanos} />
  }
  const { span } = row.node
  const impossible = describeImpossibleTime(span)
  if (impossible !== undefined) return <b class="bar-label is-impossible">✗ {impossible}</b>
  // A span that has not ended is where it began.
  const endNanos = span.endNanos > span.startNanos ? span.endNanos : span.startNanos
  if (!isShown(shown, span.startNanos, endNanos))
    return <Beyond shown={shown} nanos={span.startNanos} />
  return <SpanBars {...props} row={row} />
}

function SpanBars({
  row: { key, node },
  shown,
  attempts,
  criticalMarks,
}: LaneProps & { readonly row: WaterfallRow & { readonly kind: 'span' } }) {
  const { span, resource } = node
  return (
    <>
      {readSegments(span, attempts).map(({ part, ...at }) => (
        <Stretch
          key={part}
          name={`bar part-${part}`}
          text={partNames[part]}
          shown={shown}
          {...at}
        />
      ))}
      {criticalMarks.get(key)?.map((at) => (
        <Stretch
          key={at.startNanos}
          name="critical-mark"
          text="critical path"
          shown={shown}
          {...at}
        />
      ))}
      {span.events.map(({ name, timeNanos }, index) => (
        <Mark
          key={index}
          shown={shown}
          name="event-mark"
          title={`${name} ${formatPrecise(timeNanos)}`}
          nanos={timeNanos}
        />
      ))}
      <Label
        left={within(placeIn(shown, span.startNanos))}
        right={within(placeIn(shown, span.endNanos))}
        text={renderClockMillis(readSpanMillis(span), readClockTrust(resource.attributes))}
      />
    </>
  )
}

/** After a bar, or before it where there is no room, or on it where there is none either. */
function Label({
  left,
  right,
  text,
}: {
  readonly left: number
  readonly right: number
  readonly text: string
}) {
  const isLate = right > 82
  const place = isLate ? (left > 18 ? 'is-before' : 'is-inside') : ''
  const style =
    place === 'is-before' ? { right: `${100 - left}%` } : { left: `${isLate ? left : right}%` }
  return (
    <b class={`bar-label ${place}`} style={style}>
      {text}
    </b>
  )
}

function Stretch({
  shown,
  name,
  text,
  startNanos,
  endNanos,
}: Extent & { readonly shown: Extent; readonly name: string; readonly text: string }) {
  if (!isShown(shown, startNanos, endNanos)) return null
  const left = within(placeIn(shown, startNanos))
  return (
    <i
      class={name}
      title={`${text} from ${formatPrecise(startNanos)} to ${formatPrecise(endNanos)}`}
      style={{ left: `${left}%`, width: `${within(placeIn(shown, endNanos)) - left}%` }}
    />
  )
}

function Mark({
  shown,
  name,
  title,
  nanos,
}: {
  readonly shown: Extent
  readonly name: string
  readonly title: string
  readonly nanos: bigint
}) {
  if (!isShown(shown, nanos, nanos)) return null
  return <i class={name} title={title} style={{ left: `${placeIn(shown, nanos)}%` }} />
}

/** Tells in which direction something is that lies outside of the time shown. */
function Beyond({ shown, nanos }: { readonly shown: Extent; readonly nanos: bigint }) {
  const isBefore = nanos < shown.startNanos
  return <i class={`beyond-mark ${isBefore ? 'is-before' : 'is-after'}`} />
}

function isShown(shown: Extent, startNanos: bigint, endNanos: bigint): boolean {
  return endNanos >= shown.startNanos && startNanos <= shown.endNanos
}

function within(percent: number): number {
  return Math.max(0, Math.min(100, percent))
}

/** Describes the lane for screen readers. */
export function describeRow({ row, attempts, criticalMarks }: Omit<LaneProps, 'shown'>): string {
  if (row.kind === 'log') return `log record at ${formatClock(readLogNanos(row.entry))}`
  const impossible = describeImpossibleTime(row.node.span)
  const parts = readSegments(row.node.span, attempts).map(
    ({ part, startNanos, endNanos }) =>
      `${partNames[part]} ${renderMillis(Number(endNanos - startNanos) / 1e6)}`,
  )
  const marks = criticalMarks.get(row.key)
  if (marks !== undefined) parts.push(`on the critical path ${renderMillis(sumMillis(marks))}`)
  const said = impossible === undefined ? parts.join(', ') : impossible
  return `${row.isError ? 'failed, ' : ''}${said}`
}
