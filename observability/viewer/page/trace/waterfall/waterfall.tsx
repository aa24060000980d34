import {
  readClockTrust,
  renderClockMillis,
  renderMillis,
} from '../../../../comparison/trace/clock-trust.ts'
import type { Span } from '../../../../otlp/model.ts'
import { readRuntimeName, readServiceName } from '../../../../otlp/shared/read-runtime-name.ts'
import { AxisTicks, createTimeAxis, gridStyle, type TimeAxis } from '../../charts/time-axis.tsx'
import { RuntimeName } from '../../chrome/runtime-name.tsx'
import { ServiceMark } from '../../chrome/service-name.tsx'
import { VirtualRows } from '../../lists/virtual-rows.tsx'
import { formatClock, formatPrecise } from '../../state/format.ts'
import { renderAttributeText } from '../details/attribute-text.ts'
import { Severity } from '../details/log-details.tsx'
import { type Extent, readSpanMillis } from '../held-trace.ts'
import { partNames, readSegments } from '../segments.ts'
import { type CriticalMark, sumMillis } from './critical-marks.ts'
import { readLogNanos, type WaterfallRow } from './waterfall-rows.ts'

/** In pixels; every row has it, so that only visible rows need to be drawn. */
export const waterfallRowHeight = 28

type WaterfallProps = {
  readonly rows: readonly WaterfallRow[]
  readonly extent: Extent
  /** The trace's attempts to connect to a database. */
  readonly attempts: readonly Span[]
  /** The critical path, by the key of the row; empty where it is not wanted. */
  readonly criticalMarks: ReadonlyMap<string, readonly CriticalMark[]>
  readonly selectedKey: string
  readonly scrollerRef: { current: HTMLDivElement | null }
  readonly onSelect: (key: string) => void
  readonly onToggle: (key: string) => void
  readonly onKeyDown: (event: KeyboardEvent) => void
}

/** Spans and log records of a trace on a common scale of time, as a tree. */
export function Waterfall(props: WaterfallProps) {
  const { rows, extent, selectedKey } = props
  const totalNanos = Number(extent.endNanos - extent.startNanos)
  const axis = createTimeAxis(0, totalNanos / 1e6)
  const isShown = rows.some(({ key }) => key === selectedKey)
  return (
    <VirtualRows
      items={rows}
      keyOf={({ key }) => key}
      rowHeight={waterfallRowHeight}
      scrollerRef={props.scrollerRef}
      scroller={{
        class: 'waterfall',
        role: 'tree',
        tabIndex: 0,
        // In a small window, a short list takes only the height that it needs.
        style: {
          ...gridStyle(axis),
          '--rows-height': `${(rows.length + 1) * waterfallRowHeight + 2}px`,
        },
        'aria-label': 'Spans and log records',
        'aria-activedescendant': isShown ? rowId(selectedKey) : undefined,
        onKeyDown: props.onKeyDown,
      }}
      header={<Scale axis={axis} />}
      renderRow={(row) => (
        <Row row={row} totalNanos={totalNanos} {...props} isSelected={row.key === selectedKey} />
      )}
    />
  )
}

function rowId(key: string): string {
  return `row-${key}`
}

/** A level in pixels; and the part of the column that levels may take, so that a name is always left. */
const levelWidth = 14
const levelsPercentMax = 45
const levelsMax = 24

function Scale({ axis }: { readonly axis: TimeAxis }) {
  return (
    <div class="waterfall-row is-scale" aria-hidden="true">
      <span />
      <span class="lane">
        <AxisTicks axis={axis} />
      </span>
    </div>
  )
}

function Row(
  props: WaterfallProps & {
    readonly row: WaterfallRow
    readonly totalNanos: number
    readonly isSelected: boolean
  },
) {
  const { row, isSelected, onSelect, onToggle } = props
  const { key, level } = row
  return (
    // Keys are handled by the tree, which holds the focus.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    <div
      id={rowId(key)}
      class={`waterfall-row is-${row.kind} ${row.isError ? 'is-failed' : ''} ${isSelected ? 'is-selected' : ''}`}
      role="treeitem"
      tabIndex={-1}
      aria-level={level}
      aria-selected={isSelected}
      aria-expanded={row.kind === 'span' && row.below > 0 ? row.isOpen : undefined}
      onClick={() => onSelect(key)}
    >
      <span
        class="waterfall-name"
        style={{
          paddingLeft: `min(${Math.min(level - 1, levelsMax) * levelWidth + 4}px, ${levelsPercentMax}%)`,
        }}
      >
        {row.kind === 'span' && row.below > 0 ? (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the tree opens and closes by arrow keys
          // biome-ignore lint/a11y/noStaticElementInteractions: see above
          <i
            class={`opener ${row.isOpen ? 'is-open' : ''}`}
            onClick={(event) => {
              event.stopPropagation()
              onToggle(key)
            }}
          />
        ) : (
          <i class="opener is-none" />
        )}
        {level > levelsMax && <span class="level muted">{level}</span>}
        {row.kind === 'span' ? <SpanName row={row} /> : <LogName row={row} />}
        <span class="hidden">{describeRow(row, props)}</span>
      </span>
      <span class="lane" aria-hidden="true">
        <Lane {...props} />
      </span>
    </div>
  )
}

function SpanName({ row }: { readonly row: WaterfallRow & { readonly kind: 'span' } }) {
  const { node, level, isOpen, below } = row
  const runtime = readRuntimeName(node.resource.attributes)
  const service = readServiceName(node.resource.attributes)
  return (
    <>
      {service !== null && <ServiceMark name={service} />}
      {level === 1 && runtime !== '' && runtime !== service && <RuntimeName name={runtime} />}
      <span class="text" title={node.span.name}>
        {node.span.name || '(no name)'}
      </span>
      {!isOpen && <span class="muted">+{below}</span>}
      {node.attachment === 'orphan' && <span class="badge">parent missing</span>}
      {node.attachment === 'cycle' && <span class="badge is-bad">cycle</span>}
      {node.duplicate && <span class="badge">same id twice</span>}
    </>
  )
}

function LogName({ row }: { readonly row: WaterfallRow & { readonly kind: 'log' } }) {
  return (
    <>
      <Severity entry={row.entry} />
      <span class="text">
        {renderAttributeText(row.entry.record.body) || row.entry.record.eventName}
      </span>
    </>
  )
}

function Lane({
  row,
  totalNanos,
  extent,
  attempts,
  criticalMarks,
}: WaterfallProps & { readonly row: WaterfallRow; readonly totalNanos: number }) {
  const place = (nanos: bigint) =>
    totalNanos === 0
      ? 0
      : Math.max(0, Math.min(100, (Number(nanos - extent.startNanos) / totalNanos) * 100))
  if (row.kind === 'log') {
    const nanos = readLogNanos(row.entry)
    return <i class="log-mark" title={formatPrecise(nanos)} style={{ left: `${place(nanos)}%` }} />
  }
  const { span } = row.node
  const left = place(span.startNanos)
  const right = place(span.endNanos)
  return (
    <>
      {readSegments(span, attempts).map(({ part, startNanos, endNanos }) => (
        <i
          key={part}
          title={`${partNames[part]} from ${formatPrecise(startNanos)} to ${formatPrecise(endNanos)}`}
          class={`bar part-${part}`}
          style={{
            left: `${place(startNanos)}%`,
            width: `${place(endNanos) - place(startNanos)}%`,
          }}
        />
      ))}
      {criticalMarks.get(row.key)?.map(({ startNanos, endNanos }) => (
        <i
          key={startNanos}
          class="critical-mark"
          title={`critical path from ${formatPrecise(startNanos)} to ${formatPrecise(endNanos)}`}
          style={{
            left: `${place(startNanos)}%`,
            width: `${place(endNanos) - place(startNanos)}%`,
          }}
        />
      ))}
      {span.events.map((event, index) => (
        <i
          key={index}
          class="event-mark"
          title={`${event.name} ${formatPrecise(event.timeNanos)}`}
          style={{ left: `${place(event.timeNanos)}%` }}
        />
      ))}
      <b
        class={`bar-label ${right > 82 ? (left > 18 ? 'is-before' : 'is-inside') : ''}`}
        style={
          right > 82 && left > 18
            ? { right: `${100 - left}%` }
            : { left: `${right > 82 ? left : right}%` }
        }
      >
        {renderClockMillis(readSpanMillis(span), readClockTrust(row.node.resource.attributes))}
      </b>
    </>
  )
}

/** Describes the lane for screen readers. */
function describeRow(row: WaterfallRow, { attempts, criticalMarks }: WaterfallProps): string {
  if (row.kind === 'log') return `log record at ${formatClock(readLogNanos(row.entry))}`
  const parts = readSegments(row.node.span, attempts).map(
    ({ part, startNanos, endNanos }) =>
      `${partNames[part]} ${renderMillis(Number(endNanos - startNanos) / 1e6)}`,
  )
  const marks = criticalMarks.get(row.key)
  if (marks !== undefined) parts.push(`on the critical path ${renderMillis(sumMillis(marks))}`)
  return `${row.isError ? 'failed, ' : ''}${parts.join(', ')}`
}
