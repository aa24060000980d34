import { useSignal } from '@preact/signals'
import { Empty, Waiting } from '../chrome/parts.tsx'
import { viewHref } from '../state/address.ts'
import { ask, fromJson } from '../state/asking/ask.ts'
import { askAgainNow } from '../state/asking/poll.ts'
import { usePolled } from '../state/asking/use-polled.ts'
import { formatCount, formatSecond } from '../state/format.ts'
import { importFile } from '../state/import-file.ts'
import { type Run, readRuns } from './read-runs.ts'

const refreshMillis = 5_000

/** What the collector keeps of its starts, and of files: each is a run. */
export function RunsView() {
  const polled = usePolled(
    'runs',
    (signal) => ask('/api/runs', fromJson(readRuns), signal),
    refreshMillis,
  )
  const chosen = useSignal<readonly string[]>([])
  const { value: list, problem } = polled.value
  const toggle = (id: string) => {
    const others = chosen.peek().filter((one) => one !== id)
    chosen.value = others.length < chosen.peek().length ? others : [...others, id].slice(-2)
  }
  return (
    <section class="view" aria-labelledby="view-title">
      <div class="view-head">
        <h1 id="view-title" tabIndex={-1}>
          Runs
        </h1>
        {list === undefined && problem === undefined && <Waiting />}
        {list?.isKept && <FileField />}
        {chosen.value.length === 2 && (
          <a
            class="button primary"
            href={viewHref('compare', { run: null, between: chosen.value })}
          >
            Compare the two
          </a>
        )}
      </div>
      {problem !== undefined && (
        <Empty title="The collector cannot answer this">
          <p>{problem}</p>
        </Empty>
      )}
      {list?.isKept === false && (
        <Empty title="No runs are kept">
          <p>
            This collector writes nothing to disk: it was started with <code>--no-keep</code>.
          </p>
        </Empty>
      )}
      {list?.isKept && list.runs.length === 0 && (
        <Empty title="Nothing is kept yet">
          <p>
            A run begins with the first span or log record. Drop an OTLP file here to look at it.
          </p>
        </Empty>
      )}
      {list !== undefined && list.runs.length > 0 && (
        <RunTable runs={list.runs} chosen={chosen.value} onToggle={toggle} />
      )}
    </section>
  )
}

function FileField() {
  return (
    <label class="inline-field">
      <span>Drop an OTLP file anywhere, or choose one:</span>
      <input
        type="file"
        aria-label="A file of OTLP"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0]
          if (file !== undefined) void importFile(file)
        }}
      />
    </label>
  )
}

function RunTable(props: {
  readonly runs: readonly Run[]
  readonly chosen: readonly string[]
  readonly onToggle: (id: string) => void
}) {
  return (
    <div class="table-scroll" tabIndex={0} role="group" aria-label="Runs">
      <table class="operations">
        <thead>
          <tr>
            <th scope="col">Compare</th>
            <th scope="col">Run</th>
            <th scope="col">From</th>
            <th scope="col" class="is-number">
              Spans
            </th>
            <th scope="col" class="is-number">
              Log records
            </th>
            <th scope="col" class="is-number">
              Size
            </th>
            <th scope="col">Keep</th>
            <th scope="col">Export</th>
          </tr>
        </thead>
        <tbody>
          {props.runs.map((run) => (
            <Row
              key={run.id}
              run={run}
              isChosen={props.chosen.includes(run.id)}
              onToggle={props.onToggle}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row({
  run,
  isChosen,
  onToggle,
}: {
  readonly run: Run
  readonly isChosen: boolean
  readonly onToggle: (id: string) => void
}) {
  const { id, isCurrent, isPinned } = run
  const pin = async () => {
    const path = `/api/runs/${encodeURIComponent(id)}/pin`
    const method = isPinned ? 'DELETE' : 'PUT'
    await ask(path, String, new AbortController().signal, { method })
    askAgainNow()
  }
  return (
    <tr>
      <td>
        <input
          type="checkbox"
          checked={isChosen}
          aria-label={`Compare the run ${id}`}
          onChange={() => onToggle(id)}
        />
      </td>
      <th scope="row">
        <a href={viewHref('traces', { run: isCurrent ? null : id })}>
          {formatSecond(Date.parse(run.startedAt), Date.now())}
        </a>{' '}
        <span class="muted">{isCurrent ? 'now' : id}</span>
      </th>
      <td>{run.importedFrom ?? 'services'}</td>
      <td class="is-number">{formatCount(run.spans)}</td>
      <td class="is-number">{formatCount(run.logRecords)}</td>
      <td class="is-number">{(run.bytes / 1024 / 1024).toFixed(1)} MiB</td>
      <td>
        <button type="button" class="quiet" aria-pressed={isPinned} onClick={() => void pin()}>
          {isPinned ? 'Pinned' : 'Pin'}
        </button>
      </td>
      <td>
        <a href={`/api/export?run=${encodeURIComponent(id)}`} download={`${id}.otlp.jsonl`}>
          As a file
        </a>
      </td>
    </tr>
  )
}
