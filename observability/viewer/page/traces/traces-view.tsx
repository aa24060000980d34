import { useSignal } from '@preact/signals'
import { NoTraces } from '../chrome/no-traces.tsx'
import { Empty } from '../chrome/parts.tsx'
import { laterStart } from '../lists/later-start.ts'
import { useLiveList } from '../lists/use-live-list.ts'
import { VirtualRows } from '../lists/virtual-rows.tsx'
import { type Parameters, readParameter, viewHref } from '../state/address.ts'
import { readTracePage, type TraceSummary } from '../state/answers.ts'
import { ask, fromJson } from '../state/ask.ts'
import { countOf } from '../state/format.ts'
import { moveByKeys } from './move-by-keys.ts'
import { TraceFilters, traceConditions } from './trace-filters.tsx'
import { TraceRow, TraceRowHeader, traceRowHeight } from './trace-row.tsx'

/** At most so many traces are laid over each other: more colours than that are not told apart. */
export const comparedTracesMax = 8

/** All traces that are stored, newest first. */
export function TracesView({ parameters }: { readonly parameters: Parameters }) {
  const conditions = traceConditions
    .map((name) => [name, readParameter(parameters, name)] as const)
    .filter(([, value]) => value !== '')
  const list = useLiveList<TraceSummary>(JSON.stringify(conditions), {
    keyOf: ({ traceId }) => traceId,
    startOf: ({ startNanos }) => startNanos,
    async ask({ sinceNanos, next, limit }, signal) {
      const query = new URLSearchParams(conditions.map(([name, value]) => [name, value]))
      query.set('limit', String(limit))
      if (next !== undefined) query.set('cursor', next)
      if (sinceNanos !== undefined) query.set('start', laterStart(query.get('start'), sinceNanos))
      const page = await ask(`/api/traces?${query}`, fromJson(readTracePage), signal)
      if (page.kind !== 'answer') return page
      const { traces, nextCursor } = page.value
      return { kind: 'answer', value: { items: traces, next: nextCursor } }
    },
  })
  const selected = useSignal<readonly string[]>([])
  const traces = list.items.value
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
          {list.isLoaded.value && traces.length > 0 && (
            <>
              {countOf(traces.length, 'trace')}
              {list.hasMore.value && ' so far; scroll for older ones'}
            </>
          )}
        </p>
      </div>
      <TraceFilters parameters={parameters} routes={routes} />
      {list.problem.value !== undefined ? (
        <Empty title="The collector cannot answer this">
          <p>{list.problem.value}</p>
          <p>
            <a class="button" href="/traces">
              Show all traces
            </a>
          </p>
        </Empty>
      ) : list.isLoaded.value && traces.length === 0 ? (
        conditions.length === 0 ? (
          <NoTraces what="traces" />
        ) : (
          <Empty title="No trace fulfils all of this">
            <p>
              <a class="button" href="/traces">
                Show all traces
              </a>
            </p>
          </Empty>
        )
      ) : (
        <VirtualRows
          items={traces}
          keyOf={({ traceId }) => traceId}
          rowHeight={traceRowHeight}
          anchored
          onNearEnd={() => void list.readOn()}
          header={<TraceRowHeader />}
          scroller={{
            class: 'trace-table',
            role: 'table',
            'aria-label': 'Traces, newest first',
            'aria-rowcount': list.hasMore.value ? -1 : traces.length + 1,
            'aria-busy': !list.isLoaded.value,
            onKeyDown: moveByKeys,
          }}
          renderRow={(trace, index) => (
            <TraceRow
              trace={trace}
              index={index}
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
