import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import { queryLogRecord } from '../../../wire/where/query-log-record.ts'
import { querySpan } from '../../../wire/where/query-span.ts'
import { matchesWhere, parseWhere, type Where, WhereError } from '../../../wire/where/where.ts'
import type { WaterfallRow } from './waterfall/waterfall-rows.ts'

/** Rows of a trace that a query is true of, and the way from one to the next. */
export type TraceSearch = {
  readonly query: string
  readonly matches: readonly WaterfallRow[]
  /** What is wrong with the query; `undefined` if nothing is. */
  readonly mistake: string | undefined
  change(query: string): void
  /** The next match in the order of the rows, from a row on, and from the first again after the last. */
  findFrom(key: string, step: 1 | -1): WaterfallRow | undefined
}

/** @param rows All of the trace, also those below a closed span. */
export function useTraceSearch(rows: readonly WaterfallRow[]): TraceSearch {
  const query = useSignal('')
  const { matches, mistake } = useMemo(() => findMatches(rows, query.value), [rows, query.value])
  return {
    query: query.value,
    matches,
    mistake,
    change(text) {
      query.value = text.trim()
    },
    findFrom(key, step) {
      const wanted = new Set(matches.map((row) => row.key))
      const from = rows.findIndex((row) => row.key === key)
      for (let tries = 1; tries <= rows.length; tries += 1) {
        const row = rows[(((from + step * tries) % rows.length) + rows.length) % rows.length]
        if (row !== undefined && wanted.has(row.key)) return row
      }
      return undefined
    },
  }
}

const none: readonly WaterfallRow[] = []

function findMatches(rows: readonly WaterfallRow[], query: string) {
  if (query === '') return { matches: none, mistake: undefined }
  try {
    const where = parseWhere(query)
    return { matches: rows.filter((row) => matchesRow(where, row)), mistake: undefined }
  } catch (error) {
    if (error instanceof WhereError) return { matches: none, mistake: error.message }
    throw error
  }
}

function matchesRow(where: Where, row: WaterfallRow): boolean {
  if (row.kind === 'span')
    return matchesWhere(where, querySpan(row.node.span, row.node.resource.attributes))
  const { record, resource } = row.entry
  return matchesWhere(where, queryLogRecord(record, resource.attributes))
}

const typedCharsMax = 1_000

/** The field above the waterfall, with the number of matches. */
export function TraceSearchField({
  search,
  onGo,
}: {
  readonly search: TraceSearch
  readonly onGo: (step: 1 | -1) => void
}) {
  const { query, matches, mistake } = search
  return (
    <search class="trace-search">
      <input
        type="search"
        aria-label="Find in this trace"
        aria-describedby="trace-matches"
        aria-invalid={mistake !== undefined}
        placeholder="find in this trace"
        title="words, or a condition such as db.operation.name=SELECT; n to the next match, N to the one before"
        maxLength={typedCharsMax}
        autocomplete="off"
        spellcheck={false}
        data-find
        onInput={(event) => search.change(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onGo(event.shiftKey ? -1 : 1)
        }}
      />
      <span id="trace-matches" class={mistake === undefined ? 'muted' : 'is-bad'} role="status">
        {mistake ?? (query !== '' && `${matches.length} found`)}
      </span>
    </search>
  )
}
