import { Nothing } from '../chrome/nothing.tsx'
import { Empty, Waiting } from '../chrome/parts.tsx'
import { RuntimeName } from '../chrome/runtime-name.tsx'
import { ServiceName } from '../chrome/service-name.tsx'
import { createListQuestion } from '../lists/list-question.ts'
import type { LiveListOptions } from '../lists/live-list.ts'
import { moveByKeys } from '../lists/move-by-keys.ts'
import { type ListKeeper, useLiveList } from '../lists/use-live-list.ts'
import { useNarrow } from '../lists/use-narrow.ts'
import { VirtualRows } from '../lists/virtual-rows.tsx'
import { type Parameters, readParameter, viewHref } from '../state/address.ts'
import { ask, fromJson } from '../state/asking/ask.ts'
import { countOf, formatMoment, formatPrecise } from '../state/format.ts'
import { setFilter } from '../traces/trace-filters.tsx'
import { LogFilters, logConditions } from './log-filters.tsx'
import { LogLineDetails, readLogTitle } from './log-line-details.tsx'
import { type LogLine, readLogPage } from './log-page.ts'

const rowHeights = { wide: 28, narrow: 46 } as const

const narrowingConditions = logConditions.filter((name) => name !== 'start' && name !== 'end')

const keeper: ListKeeper<LogLine> = {}

/** All log records that are stored, newest first. */
export function LogsView({ parameters }: { readonly parameters: Parameters }) {
  const question = createListQuestion(parameters, logConditions)
  const options: LiveListOptions<LogLine> = {
    keyOf: ({ id }) => id,
    orderOf: ({ timeNanos }) => timeNanos,
    ask: (wish, signal) => ask(`/api/logs?${question.query(wish)}`, fromJson(readLogPage), signal),
  }
  const list = useLiveList(question.key, options, keeper)
  const rowHeight = rowHeights[useNarrow() ? 'narrow' : 'wide']
  const lines = list.items.value.filter(({ timeNanos }) => question.isInTime(timeNanos))
  const isEmpty = list.isLoaded.value && lines.length === 0
  const wanted = readParameter(parameters, 'record')
  const selected = wanted === '' ? undefined : lines.find(({ id }) => id === wanted)
  const select = (id: string | null) => setFilter('/logs', parameters, 'record', id)

  return (
    <section class="view is-list" aria-labelledby="view-title">
      <div class="view-head">
        <h1 id="view-title" tabIndex={-1}>
          Logs
        </h1>
        <p class="muted" role="status">
          {!list.isLoaded.value && <Waiting />}
          {list.isLoaded.value && lines.length > 0 && (
            <>
              {countOf(lines.length, 'record')}
              {list.hasMore.value && ' so far; scroll for older ones'}
            </>
          )}
        </p>
        <p class="keys muted" aria-hidden="true">
          ↑ ↓ move, Enter opens, ? shows all keys
        </p>
      </div>
      <LogFilters parameters={parameters} />
      {list.problem.value !== undefined ? (
        <Empty title="The collector cannot answer this">
          <p>{list.problem.value}</p>
          <p>
            <a class="button" href={viewHref('logs')}>
              Show all log records
            </a>
          </p>
        </Empty>
      ) : isEmpty ? (
        <Nothing
          what="log records"
          view="logs"
          parameters={parameters}
          conditions={narrowingConditions}
        />
      ) : (
        <>
          {wanted !== '' && selected === undefined && list.isLoaded.value && (
            <p class="note">
              The record of this address is not in the list: it was dropped to make room, or is
              further down.
            </p>
          )}
          <div class={`list-split ${selected ? 'has-details' : ''}`}>
            <VirtualRows
              items={lines}
              keyOf={options.keyOf}
              rowHeight={rowHeight}
              anchored
              place={list.place}
              onNearEnd={() => void list.readOn()}
              scroller={{
                class: 'log-table',
                role: 'list',
                'aria-label': 'Log records, newest first',
                'aria-description': 'Arrow keys move from record to record.',
                'aria-busy': !list.isLoaded.value,
                onKeyDown: moveByKeys,
              }}
              renderRow={(line, index, isCurrent) => (
                <LogRow
                  line={line}
                  index={index}
                  isCurrent={isCurrent}
                  isSelected={line.id === wanted}
                  onSelect={() => select(line.id === wanted ? null : line.id)}
                />
              )}
            />
            {selected && <LogLineDetails line={selected} onClose={() => select(null)} />}
          </div>
        </>
      )}
    </section>
  )
}

function LogRow(props: {
  readonly line: LogLine
  readonly index: number
  readonly isCurrent: boolean
  readonly isSelected: boolean
  readonly onSelect: () => void
}) {
  const { line, index, isCurrent, isSelected, onSelect } = props
  return (
    // The button inside is what keys reach; the rest of the row is for the pointer.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    <div class={`log-row ${isSelected ? 'is-selected' : ''}`} role="listitem" onClick={onSelect}>
      <span class="cell-time" title={formatPrecise(line.timeNanos)}>
        {formatMoment(line.timeNanos, Date.now())}
      </span>
      <span class={`severity is-${line.severity ?? 'none'}`}>{line.severity ?? 'log'}</span>
      <ServiceName name={line.service} />
      <RuntimeName name={line.runtime === line.service ? null : line.runtime} />
      <button
        type="button"
        class="body"
        data-row={index}
        tabIndex={isCurrent ? 0 : -1}
        aria-expanded={isSelected}
        onClick={(event) => {
          event.stopPropagation()
          onSelect()
        }}
      >
        {readLogTitle(line)}
      </button>
      <span class="event-name">{line.eventName}</span>
    </div>
  )
}
