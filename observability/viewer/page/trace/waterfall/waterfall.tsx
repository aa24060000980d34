import { useMemo, useRef } from 'preact/hooks'
import type { Span } from '../../../../otlp/model.ts'
import { readRuntimeName, readServiceName } from '../../../../otlp/shared/read-runtime-name.ts'
import { AxisTicks, createTimeAxis, gridStyle, type TimeAxis } from '../../charts/time-axis.tsx'
import { RuntimeName } from '../../chrome/runtime-name.tsx'
import { ServiceMark } from '../../chrome/service-name.tsx'
import { VirtualRows } from '../../lists/virtual-rows.tsx'
import { renderAttributeText } from '../details/attribute-text.ts'
import { Severity } from '../details/log-details.tsx'
import type { Extent } from '../held-trace.ts'
import { readSegments } from '../segments.ts'
import type { CriticalMark } from './critical-marks.ts'
import { describeImpossibleTime } from './impossible-time.ts'
import { describeRow, Lane } from './lane.tsx'
import { Minimap } from './minimap.tsx'
import { NameSeparator, nameWidthStyle } from './name-width.tsx'
import { type Occurring, WaterfallLegend } from './waterfall-legend.tsx'
import type { WaterfallRow } from './waterfall-rows.ts'

/** In pixels; every row has it, so that only visible rows need to be drawn. */
export const waterfallRowHeight = 28

type WaterfallProps = {
  /** All of the trace. */
  readonly all: readonly WaterfallRow[]
  /** Those of them that no closed span hides. */
  readonly rows: readonly WaterfallRow[]
  readonly extent: Extent
  /** The part of the extent that is shown; `undefined` for all of it. */
  readonly zoom: Extent | undefined
  readonly onZoom: (zoom: Extent | undefined) => void
  /** The trace's attempts to connect to a database. */
  readonly attempts: readonly Span[]
  /** The critical path, by the key of the row; empty where it is not wanted. */
  readonly criticalMarks: ReadonlyMap<string, readonly CriticalMark[]>
  readonly selectedKey: string
  readonly scrollerRef: { current: HTMLDivElement | null }
  readonly onSelect: (key: string) => void
  readonly onToggle: (key: string) => void
  /** Closes every span that has something below it, or opens all. */
  readonly onToggleAll: (isOpen: boolean) => void
  readonly onKeyDown: (event: KeyboardEvent) => void
}

/** Spans and log records of a trace on a common scale of time, as a tree, below an overview of all of it. */
export function Waterfall(props: WaterfallProps) {
  const { all, attempts, extent, zoom, onZoom } = props
  const frame = useRef<HTMLDivElement>(null)
  const shown = zoom ?? extent
  const occurring = useMemo(() => listOccurring(all, attempts), [all])
  const steps = useMemo(() => countSteps(all), [all])
  const hasOthers = useMemo(() => countServices(all) > 1, [all])
  return (
    <div class="waterfall-frame" ref={frame} style={{ ...nameWidthStyle(), '--steps': steps }}>
      <div class="waterfall-columns">
        <div class="waterfall-head">
          <Tools {...props} />
          <Minimap rows={all} attempts={attempts} extent={extent} shown={shown} onShow={onZoom} />
        </div>
        <Tree {...props} shown={shown} isDeep={steps > stepsPlain} hasOthers={hasOthers} />
        <div class="name-separators">
          <NameSeparator frame={frame} />
        </div>
      </div>
      <WaterfallLegend occurring={{ ...occurring, isCut: zoom !== undefined }} />
      {/* Below, because it comes and goes with the focus: above, it would move the row that is being clicked. */}
      <p class="keys muted" aria-hidden="true">
        ↑ ↓ move, ← → close and open, ? shows all keys
      </p>
    </div>
  )
}

function Tools({ rows, all, zoom, onZoom, onToggleAll }: WaterfallProps) {
  const areAllOpen = rows.length === all.length
  const canClose = rows.some((row) => row.kind === 'span' && row.below > 0 && row.isOpen)
  return (
    <div class="waterfall-tools">
      <button type="button" class="quiet" disabled={!canClose} onClick={() => onToggleAll(false)}>
        Collapse all
      </button>
      <button type="button" class="quiet" disabled={areAllOpen} onClick={() => onToggleAll(true)}>
        Expand all
      </button>
      {zoom !== undefined && (
        <button type="button" class="quiet" onClick={() => onZoom(undefined)} title="Escape">
          Whole trace
        </button>
      )}
    </div>
  )
}

type ShownProps = WaterfallProps & {
  readonly shown: Extent
  /** A row says its level, because its indentation alone could not be read. */
  readonly isDeep: boolean
  /** A row says its service, because there are several. */
  readonly hasOthers: boolean
}

function Tree(props: ShownProps) {
  const { rows, extent, shown, selectedKey } = props
  const toMillis = (nanos: bigint) => Number(nanos - extent.startNanos) / 1e6
  const axis = createTimeAxis(toMillis(shown.startNanos), toMillis(shown.endNanos))
  const isThere = rows.some(({ key }) => key === selectedKey)
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
        'aria-activedescendant': isThere ? rowId(selectedKey) : undefined,
        onKeyDown: props.onKeyDown,
      }}
      header={<Scale axis={axis} />}
      renderRow={(row) => <Row row={row} {...props} isSelected={row.key === selectedKey} />}
    />
  )
}

function rowId(key: string): string {
  return `row-${key}`
}

/** Levels that get their own indentation: a trace may be 10,000 deep. */
const levelsMax = 96
/** Of more steps each is narrow, and each row has its level as a number too. */
const stepsPlain = 20

function countSteps(rows: readonly WaterfallRow[]): number {
  const deepest = rows.reduce((most, { level }) => Math.max(most, level), 1)
  return Math.max(1, Math.min(deepest, levelsMax) - 1)
}

function countServices(rows: readonly WaterfallRow[]): number {
  const names = rows.map((row) =>
    row.kind === 'span' ? readServiceName(row.node.resource.attributes) : null,
  )
  return new Set(names.filter((name) => name !== null)).size
}

function listOccurring(
  rows: readonly WaterfallRow[],
  attempts: readonly Span[],
): Omit<Occurring, 'isCut'> {
  const spans = rows.flatMap((row) => (row.kind === 'span' ? [row.node.span] : []))
  return {
    parts: new Set(spans.flatMap((span) => readSegments(span, attempts).map(({ part }) => part))),
    hasFailures: rows.some(({ kind, isError }) => kind === 'span' && isError),
    hasEvents: spans.some(({ events }) => events.length > 0),
    hasLogs: rows.some(({ kind }) => kind === 'log'),
    hasImpossible: spans.some((span) => describeImpossibleTime(span) !== undefined),
  }
}

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

function Row(props: ShownProps & { readonly row: WaterfallRow; readonly isSelected: boolean }) {
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
      <span class="waterfall-name">
        <i class="indent" style={{ '--level': Math.min(level - 1, levelsMax - 1) }} />
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
        {props.isDeep && <span class="level muted">{level}</span>}
        {row.kind === 'span' ? (
          <SpanName row={row} hasOthers={props.hasOthers} />
        ) : (
          <LogName row={row} />
        )}
        <span class="hidden">{describeRow(props)}</span>
      </span>
      <span class="lane" aria-hidden="true">
        <Lane {...props} />
      </span>
    </div>
  )
}

function SpanName({
  row,
  hasOthers,
}: {
  readonly row: WaterfallRow & { readonly kind: 'span' }
  readonly hasOthers: boolean
}) {
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
      {hasOthers && service !== null && <span class="muted of-service">{service}</span>}
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
