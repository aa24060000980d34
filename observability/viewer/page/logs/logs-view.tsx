import { useSignal } from '@preact/signals'
import { parseLogsJson } from '../../../otlp/decode-json.ts'
import { NoTraces } from '../chrome/no-traces.tsx'
import { Empty } from '../chrome/parts.tsx'
import { RuntimeName } from '../chrome/runtime-name.tsx'
import { laterStart } from '../lists/later-start.ts'
import { useLiveList } from '../lists/use-live-list.ts'
import { VirtualRows } from '../lists/virtual-rows.tsx'
import { type Parameters, readParameter, traceHref, viewHref } from '../state/address.ts'
import { type LogLine, readLogLines } from '../state/answers.ts'
import { ask, fromJson } from '../state/ask.ts'
import { countOf, formatMoment, formatPrecise } from '../state/format.ts'
import { AttributeTable } from '../trace/attribute-table.tsx'
import { moveByKeys } from '../traces/move-by-keys.ts'
import { LogFilters, logConditions } from './log-filters.tsx'

const logRowHeight = 28

/** All log records that are stored, newest first. */
export function LogsView({ parameters }: { readonly parameters: Parameters }) {
  const conditions = logConditions
    .map((name) => [name, readParameter(parameters, name)] as const)
    .filter(([, value]) => value !== '')
  const list = useLiveList<LogLine>(JSON.stringify(conditions), {
    keyOf: readLogKey,
    startOf: ({ timeNanos }) => timeNanos,
    async ask({ sinceNanos, next, limit }, signal) {
      const query = new URLSearchParams(conditions.map(([name, value]) => [name, value]))
      query.set('limit', String(limit))
      if (next !== undefined) query.set('end', next)
      if (sinceNanos !== undefined) query.set('start', laterStart(query.get('start'), sinceNanos))
      const answer = await ask(`/api/logs?${query}`, fromJson(readLogLines), signal)
      if (answer.kind !== 'answer') return answer
      const last = answer.value.length < limit ? undefined : answer.value.at(-1)
      // The end is exclusive: one nanosecond later, so that records of the same time are not skipped.
      return {
        kind: 'answer',
        value: { items: answer.value, next: last ? String(last.timeNanos + 1n) : null },
      }
    },
  })
  const selected = useSignal<LogLine | undefined>(undefined)
  const lines = list.items.value
  const isEmpty = list.isLoaded.value && lines.length === 0

  return (
    <section class="view is-list" aria-labelledby="view-title">
      <div class="view-head">
        <h1 id="view-title" tabIndex={-1}>
          Logs
        </h1>
        <p class="muted" role="status">
          {list.isLoaded.value && lines.length > 0 && (
            <>
              {countOf(lines.length, 'record')}
              {list.hasMore.value && ' so far; scroll for older ones'}
            </>
          )}
        </p>
      </div>
      <LogFilters parameters={parameters} />
      {list.problem.value !== undefined ? (
        <Empty title="The collector cannot answer this">
          <p>{list.problem.value}</p>
          <p>
            <a class="button" href="/logs">
              Show all log records
            </a>
          </p>
        </Empty>
      ) : isEmpty && conditions.length === 0 ? (
        <NoTraces what="log records" />
      ) : isEmpty ? (
        <Empty title="No log record fulfils all of this">
          <p>
            <a class="button" href="/logs">
              Show all log records
            </a>
          </p>
        </Empty>
      ) : (
        <div class={`list-split ${selected.value ? 'has-details' : ''}`}>
          <VirtualRows
            items={lines}
            keyOf={readLogKey}
            rowHeight={logRowHeight}
            anchored
            onNearEnd={() => void list.readOn()}
            scroller={{
              class: 'log-table',
              role: 'list',
              'aria-label': 'Log records, newest first',
              'aria-busy': !list.isLoaded.value,
              onKeyDown: moveByKeys,
            }}
            renderRow={(line, index) => (
              <LogRow
                line={line}
                index={index}
                isSelected={selected.value === line}
                onSelect={() => {
                  selected.value = selected.peek() === line ? undefined : line
                }}
              />
            )}
          />
          {selected.value && (
            <LogLineDetails
              line={selected.value}
              onClose={() => {
                selected.value = undefined
              }}
            />
          )}
        </div>
      )}
    </section>
  )
}

/** Log records have no id: what they say, and when, has to do. */
function readLogKey({ timeNanos, spanId, eventName, body, severity, runtime }: LogLine): string {
  return `${timeNanos} ${spanId} ${runtime} ${severity} ${eventName} ${body}`
}

function LogRow(props: {
  readonly line: LogLine
  readonly index: number
  readonly isSelected: boolean
  readonly onSelect: () => void
}) {
  const { line, index, isSelected, onSelect } = props
  return (
    // The button inside is what keys reach; the rest of the row is for the pointer.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    <div class={`log-row ${isSelected ? 'is-selected' : ''}`} role="listitem" onClick={onSelect}>
      <span class="cell-time" title={formatPrecise(line.timeNanos)}>
        {formatMoment(line.timeNanos, Date.now())}
      </span>
      <span class={`severity is-${line.severity ?? 'none'}`}>{line.severity ?? 'log'}</span>
      <RuntimeName name={line.runtime ?? line.service} />
      <button
        type="button"
        class="body"
        data-row={index}
        aria-expanded={isSelected}
        onClick={(event) => {
          event.stopPropagation()
          onSelect()
        }}
      >
        {line.body || line.eventName || '(empty)'}
      </button>
      <span class="event-name">{line.eventName}</span>
    </div>
  )
}

function LogLineDetails({
  line,
  onClose,
}: {
  readonly line: LogLine
  readonly onClose: () => void
}) {
  return (
    <aside class="trace-details" aria-label="Log record" tabIndex={0}>
      <div class="details">
        <h2>{line.body || line.eventName || '(empty)'}</h2>
        <dl class="facts">
          <dt>Severity</dt>
          <dd>
            <span class={`severity is-${line.severity ?? 'none'}`}>{line.severity ?? '–'}</span>
          </dd>
          <dt>Event</dt>
          <dd>{line.eventName ?? '–'}</dd>
          <dt>Time</dt>
          <dd>
            {formatMoment(line.timeNanos, Date.now())}{' '}
            <span class="muted">{formatPrecise(line.timeNanos)}</span>
          </dd>
          <dt>Runtime</dt>
          <dd>
            <RuntimeName name={line.runtime ?? line.service} />
          </dd>
        </dl>
        <div class="trace-actions is-start">
          {line.traceId !== null && (
            <>
              <a class="button primary" href={traceHref(line.traceId, { span: line.spanId })}>
                Show its trace
              </a>
              <a class="button" href={viewHref('logs', { traceId: line.traceId })}>
                Records of this trace
              </a>
            </>
          )}
          <button type="button" onClick={onClose}>
            Close
          </button>
        </div>
        <h3>Attributes</h3>
        <AttributeTable label="Attributes" attributes={readAttributes(line)} />
      </div>
    </aside>
  )
}

/** The answer has them as OTLP/JSON has them, so OTLP's own reader tells their types. */
function readAttributes({ attributes }: LogLine) {
  try {
    const request = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ attributes }] }] }] }
    return parseLogsJson(JSON.stringify(request))[0]?.scopes[0]?.items[0]?.attributes ?? []
  } catch {
    return []
  }
}
