import { useSignal } from '@preact/signals'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { readCriticalPath } from '../../../comparison/latency/critical-path.ts'
import { findAttempts } from '../../../comparison/latency/cut-statement.ts'
import { findServer, readTimeParts } from '../../../comparison/latency/time-parts.ts'
import {
  describeClocks,
  readClockTrust,
  renderMillis,
} from '../../../comparison/trace/clock-trust.ts'
import { readServiceName } from '../../../otlp/shared/read-runtime-name.ts'
import { CopyButton, HttpStatus } from '../chrome/parts.tsx'
import { RuntimeName } from '../chrome/runtime-name.tsx'
import { ServiceName } from '../chrome/service-name.tsx'
import { traceHref, viewHref } from '../state/address.ts'
import { countOf, formatMoment, formatPrecise } from '../state/format.ts'
import { navigate } from '../state/navigate.ts'
import { readShortcut } from '../state/read-shortcut.ts'
import { LogDetails } from './details/log-details.tsx'
import { SpanDetails } from './details/span-details.tsx'
import { DownloadButton } from './download-button.tsx'
import { readHeadline } from './headline.ts'
import { type Extent, type HeldTrace, listNodes, readExtent, readSpanMillis } from './held-trace.ts'
import { OtherRuntimes } from './other-runtimes.tsx'
import { TimeParts } from './time-parts.tsx'
import { TraceConventions } from './trace-conventions.tsx'
import { TraceSearchField, useTraceSearch } from './trace-search.tsx'
import { CriticalLegend } from './waterfall/critical-legend.tsx'
import { listCriticalMarks } from './waterfall/critical-marks.ts'
import { cutAround } from './waterfall/cut-time.ts'
import { countImpossibleTimes } from './waterfall/impossible-time.ts'
import { readTreeMove } from './waterfall/tree-move.ts'
import { Waterfall, waterfallRowHeight } from './waterfall/waterfall.tsx'
import { findError, listWaterfallRows, type WaterfallRow } from './waterfall/waterfall-rows.ts'

type TracePageProps = {
  readonly traceId: string
  readonly trace: HeldTrace
  /** The collector does not have it any more. */
  readonly isGone: boolean
  /** Id of the span to show first; empty for the top one. */
  readonly spanWanted: string
}

const noMarks: ReturnType<typeof listCriticalMarks> = new Map()

/** One trace: headline, waterfall, and the details of the chosen row. */
export function TracePage({ traceId, trace, isGone, spanWanted }: TracePageProps) {
  const closed = useSignal<ReadonlySet<string>>(new Set())
  const all = useMemo(() => listWaterfallRows(trace.tree, new Set()), [trace])
  const rows = useMemo(() => listWaterfallRows(trace.tree, closed.value), [trace, closed.value])
  const isPathShown = useSignal(true)
  const zoom = useSignal<Extent | undefined>(undefined)
  const path = useMemo(() => readCriticalPath(trace.tree), [trace])
  const marks = useMemo(() => listCriticalMarks(path, rows), [path, rows])
  const extent = useMemo(() => readExtent(trace.tree), [trace])
  const headline = useMemo(() => readHeadline(trace.tree), [trace])
  const scroller = useRef<HTMLDivElement | null>(null)
  const selectedKey = spanWanted || rows[0]?.key || ''
  const selected = rows.findIndex(({ key }) => key === selectedKey)
  const row = rows[selected] ?? rows[0]
  const parent = rows.find(({ key }) => key === row?.parentKey)
  // Those below a closed span too: they are there to be jumped to.
  const errorCount = all.filter(({ isError }) => isError).length
  const search = useTraceSearch(all)
  const isUnknown = spanWanted !== '' && all.every(({ key }) => key !== spanWanted)

  const select = (key: string) => {
    // The selection is in the URL, without its own entry in the history.
    navigate(traceHref(traceId, { span: key }), { replace: true })
  }
  const toggle = (key: string) => {
    const next = new Set(closed.peek())
    if (!next.delete(key)) next.add(key)
    closed.value = next
    // The selected row may be hidden now, and the keyboard cannot leave a hidden row.
    const stays = listWaterfallRows(trace.tree, next).some((one) => one.key === selectedKey)
    if (!stays) select(key)
  }
  const toggleAll = (isOpen: boolean) => {
    closed.value = new Set(
      isOpen ? [] : all.flatMap((one) => (one.kind === 'span' && one.below > 0 ? [one.key] : [])),
    )
    // Only the first level is left, and what was selected may be further down.
    if (!isOpen) select(findTop(all, selectedKey))
  }
  const show = (next: Extent | undefined) => {
    const isWhole = next?.startNanos === extent.startNanos && next.endNanos === extent.endNanos
    zoom.value = isWhole ? undefined : next
  }
  const goToError = (step: 1 | -1) => {
    // A closed span may hide the next one.
    closed.value = new Set()
    const from = all.findIndex(({ key }) => key === selectedKey)
    const found = all[findError(all, from, step)]
    if (found !== undefined) select(found.key)
    scroller.current?.focus({ preventScroll: true })
  }
  const goToMatch = (step: 1 | -1) => {
    const found = search.findFrom(selectedKey, step)
    if (found === undefined) return
    closed.value = new Set()
    select(found.key)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const action = readShortcut('trace', event)
    if (action === 'nextMatch' || action === 'previousMatch')
      goToMatch(action === 'nextMatch' ? 1 : -1)
    if (action === 'nextError' || action === 'previousError')
      goToError(action === 'nextError' ? 1 : -1)
    if (action === 'showSpan' && row?.kind === 'span') show(cutAround(extent, row.node.span))
    if (action === 'showWhole') zoom.value = undefined
    if (action !== 'move') return
    const move = readTreeMove(event.key, rows, Math.max(0, selected))
    if (move === undefined) return
    event.preventDefault()
    if (move.kind === 'toggle') toggle(move.key)
    else if (rows[move.index] !== undefined) select(rows[move.index]?.key ?? '')
  }
  useEffect(() => {
    keepInSight(scroller.current, selected)
  }, [selected])

  const server = findServer(trace.tree.roots)
  const serverMillis = server === undefined ? 0 : readSpanMillis(server.span)
  const parts = readTimeParts(trace.tree, serverMillis)
  const attempts = findAttempts(trace.tree.roots)
  const impossible = useMemo(
    () => countImpossibleTimes(listNodes(trace.tree.roots).map(({ span }) => span)),
    [trace],
  )
  const totalMillis = Number(extent.endNanos - extent.startNanos) / 1e6
  const nodes = listNodes(trace.tree.roots)
  const clocks = describeClocks(
    nodes.map(({ resource: { attributes } }) => ({
      name: readServiceName(attributes) ?? '',
      clock: readClockTrust(attributes),
    })),
  )

  return (
    <section class="view is-trace" aria-labelledby="view-title">
      <div class="view-head">
        <div class="trace-title">
          <h1 id="view-title" tabIndex={-1} title={headline.name}>
            {headline.name}
          </h1>
          <HttpStatus status={headline.httpStatus} />
        </div>
        <p class="trace-facts">
          {headline.service !== null && <ServiceName name={headline.service} />}
          {headline.runtime !== headline.service && <RuntimeName name={headline.runtime} />}
          <span title={`${totalMillis} ms, from its first start to its last end`}>
            {renderMillis(totalMillis)}
          </span>
          <span title={formatPrecise(extent.startNanos)}>
            {formatMoment(extent.startNanos, Date.now())}
          </span>
          <span>{countOf(nodes.length, 'span')}</span>
          <span class="trace-id">
            <code>{traceId}</code>
            <CopyButton text={traceId} label="Copy id" />
          </span>
        </p>
        <div class="trace-actions">
          <TraceSearchField search={search} onGo={goToMatch} />
          <OtherRuntimes headline={headline} traceId={traceId} />
          <a class="button" href={viewHref('logs', { traceId })}>
            Log records
          </a>
          <DownloadButton name={`trace-${traceId}.json`} text={trace.text} />
          <button
            type="button"
            disabled={errorCount === 0}
            onClick={() => goToError(1)}
            title="e, and Shift+e for the one before"
          >
            {errorCount === 0 ? 'No errors' : `Next of ${countOf(errorCount, 'error')}`}
          </button>
        </div>
      </div>
      {isGone && (
        <p class="banner" role="status">
          The collector no longer has this trace: it made room for newer ones, was cleared, or was
          started again. This page still shows it. Download it to keep it.
        </p>
      )}
      {!trace.isDurationTrusted && (
        <p class="banner" role="status">
          A clock was set while this was recorded, so some of its durations are impossible. They are
          shown as they came, and left out of all statistics.
        </p>
      )}
      {impossible !== undefined && (
        <p class="note">Impossible times, which the time axis leaves out: {impossible}.</p>
      )}
      {isUnknown && (
        <p class="note">
          This trace has no span {JSON.stringify(spanWanted.slice(0, 60))}, or not yet.
        </p>
      )}
      {parts !== null && (
        <TimeParts parts={parts.parts} clock={parts.clock} totalMillis={serverMillis} />
      )}
      {clocks.length > 0 && <p class="clock-notes muted">{clocks.join('; ')}</p>}
      <TraceConventions trace={trace.tree} />
      {marks.size > 0 && <CriticalLegend path={path} isShown={isPathShown} />}
      <div class="trace-body">
        <Waterfall
          all={all}
          rows={rows}
          extent={extent}
          zoom={zoom.value}
          onZoom={show}
          attempts={attempts}
          criticalMarks={isPathShown.value ? marks : noMarks}
          selectedKey={selectedKey}
          scrollerRef={scroller}
          onSelect={(key) => select(key)}
          onToggle={toggle}
          onToggleAll={toggleAll}
          onKeyDown={onKeyDown}
        />
        <aside class="trace-details" aria-label="Details" tabIndex={0}>
          {row?.kind === 'span' && (
            <SpanDetails
              key={row.key}
              node={row.node}
              parent={parent?.kind === 'span' ? parent.node : undefined}
              attempts={attempts}
              startNanos={extent.startNanos}
            />
          )}
          {row?.kind === 'log' && <LogDetails key={row.key} entry={row.entry} />}
        </aside>
      </div>
    </section>
  )
}

/** The key of the row of the first level below which another row is. */
function findTop(rows: readonly WaterfallRow[], key: string): string {
  const at = rows.findIndex((row) => row.key === key)
  return rows.slice(0, at + 1).findLast(({ level }) => level === 1)?.key ?? key
}

function keepInSight(scroller: HTMLDivElement | null, index: number): void {
  if (scroller === null || index < 0) return
  const top = index * waterfallRowHeight
  const height = scroller.clientHeight - 2 * waterfallRowHeight
  if (top < scroller.scrollTop) scroller.scrollTop = top
  else if (top > scroller.scrollTop + height) scroller.scrollTop = top - height
}
