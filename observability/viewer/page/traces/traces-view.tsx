import { useSignal } from '@preact/signals'
import { readTraceOrder, traceSorts } from '../../../wire/spans/trace-order.ts'
import { Nothing } from '../chrome/nothing.tsx'
import { Empty, Waiting } from '../chrome/parts.tsx'
import { readId } from '../find/read-id.ts'
import { createListQuestion } from '../lists/list-question.ts'
import type { LiveListOptions } from '../lists/live-list.ts'
import { moveByKeys } from '../lists/move-by-keys.ts'
import { type ListKeeper, useLiveList } from '../lists/use-live-list.ts'
import { useNarrow } from '../lists/use-narrow.ts'
import { VirtualRows } from '../lists/virtual-rows.tsx'
import { type Parameters, readParameter, viewHref } from '../state/address.ts'
import { readTracePage, type TraceSummary } from '../state/asking/answers.ts'
import { ask, fromJson } from '../state/asking/ask.ts'
import { countOf } from '../state/format.ts'
import { TraceFilters, traceConditions } from './trace-filters.tsx'
import { TraceRow, TraceRowHeader, traceRowHeights } from './trace-row.tsx'

/** At most so many traces are laid over each other: more colours than that are not told apart. */
const comparedTracesMax = 8

/** Neither times, of which is said more, nor the order leave a trace out. */
const narrowingConditions = traceConditions.filter(
  (name) => !['start', 'end', 'sort'].includes(name),
)

const keeper: ListKeeper<TraceSummary> = {}

const sortNames = { time: 'newest', duration: 'longest', spans: 'most spans' } as const

/** All traces that are stored. */
export function TracesView({ parameters }: { readonly parameters: Parameters }) {
  const question = createListQuestion(parameters, traceConditions)
  const sort = traceSorts.find((name) => name === readParameter(parameters, 'sort')) ?? 'time'
  const options: LiveListOptions<TraceSummary> = {
    keyOf: ({ traceId }) => traceId,
    orderOf: ({ startNanos, durationMillis, spanCount }) =>
      readTraceOrder(sort, {
        startNanos,
        durationNanos: BigInt(Math.round(durationMillis * 1e6)),
        spanCount,
      }),
    ask: (wish, signal) =>
      ask(`/api/traces?${question.query(wish)}`, fromJson(readTracePage), signal),
  }
  const list = useLiveList(question.key, options, keeper)
  const rowHeight = traceRowHeights[useNarrow() ? 'narrow' : 'wide']
  const selected = useSignal<readonly string[]>([])
  const traces = list.items.value.filter(({ startNanos }) => question.isInTime(startNanos))
  const toggle = (traceId: string) => {
    const now = selected.peek()
    selected.value = now.includes(traceId)
      ? now.filter((id) => id !== traceId)
      : [...now, traceId].slice(-comparedTracesMax)
  }
  const routes = [...new Set(traces.slice(0, 2_000).flatMap(({ route }) => route ?? []))].sort()

  return (
    <section class="view is-list" aria-labelledby="view-title">
      <div class="view-head">
        <h1 id="view-title" tabIndex={-1}>
          Traces
        </h1>
        <p class="muted" role="status">
          {!list.isLoaded.value && <Waiting />}
          {list.isLoaded.value && traces.length > 0 && (
            <>
              {countOf(traces.length, 'trace')}
              {list.hasMore.value && ' so far; scroll for older ones'}
            </>
          )}
        </p>
        <p class="keys muted" aria-hidden="true">
          ↑ ↓ move, x selects, ? shows all keys
        </p>
        {traces.length > 0 && (
          <a class="export" href={question.exportHref} download="traces.otlp.jsonl">
            Export these
          </a>
        )}
      </div>
      <TraceFilters parameters={parameters} routes={routes} />
      {list.problem.value !== undefined ? (
        <Empty title="The collector cannot answer this">
          <p>{list.problem.value}</p>
          <p>
            <a class="button" href={viewHref('traces')}>
              Show all traces
            </a>
          </p>
        </Empty>
      ) : list.isLoaded.value && traces.length === 0 ? (
        readId(readParameter(parameters, 'where'))?.spanId ? (
          <Empty title="No span of this id is stored">
            <p>It has not arrived yet, or was dropped to make room.</p>
            <a class="button" href={viewHref('traces')}>
              Show all traces
            </a>
          </Empty>
        ) : (
          <Nothing
            what="traces"
            view="traces"
            parameters={parameters}
            conditions={narrowingConditions}
          />
        )
      ) : (
        <VirtualRows
          items={traces}
          keyOf={({ traceId }) => traceId}
          rowHeight={rowHeight}
          anchored
          place={list.place}
          onNearEnd={() => void list.readOn()}
          header={<TraceRowHeader />}
          scroller={{
            class: 'trace-table',
            role: 'table',
            'aria-label': `Traces, ${sortNames[sort]} first`,
            'aria-description': 'Arrow keys move from row to row, x selects one to compare.',
            'aria-rowcount': list.hasMore.value ? -1 : traces.length + 1,
            'aria-busy': !list.isLoaded.value,
            onKeyDown: moveByKeys,
          }}
          renderRow={(trace, index, isCurrent) => (
            <TraceRow
              trace={trace}
              index={index}
              isCurrent={isCurrent}
              isSelected={selected.value.includes(trace.traceId)}
              onToggle={toggle}
            />
          )}
        />
      )}
      {selected.value.length > 0 && (
        <div class="selection" role="region" aria-label="Selected traces">
          <span role="status">
            {countOf(selected.value.length, 'trace')} selected
            {selected.value.length === 1 && '; select another to compare'}
            {selected.value.length === comparedTracesMax && '; the next one replaces the first'}
          </span>
          {selected.value.length > 1 && (
            <a class="button primary" href={viewHref('compare', { trace: selected.value })}>
              Compare
            </a>
          )}
          <button
            type="button"
            class="quiet"
            onClick={() => {
              selected.value = []
            }}
          >
            Clear
          </button>
        </div>
      )}
    </section>
  )
}
