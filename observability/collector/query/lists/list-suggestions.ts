import type { AnyValue } from '../../../otlp/model.ts'
import type { Suggestions } from '../../../wire/suggestions.ts'
import { queryLogRecord, recordFields } from '../../../wire/where/query-log-record.ts'
import { querySpan, spanFields } from '../../../wire/where/query-span.ts'
import { type Queried, readQueried } from '../../../wire/where/where.ts'
import type { StoredLogRecord, StoredTrace } from '../../store/stored-trace.ts'
import { readParameters } from '../parameters.ts'
import type { Steps } from '../turns.ts'

export type SuggestionQuery = {
  readonly of: 'spans' | 'logs'
  /** Its values are asked for; without it the names are. */
  readonly name: string | undefined
  /** Must occur in a suggestion, in upper or lower case. */
  readonly text: string
}

const kinds = ['spans', 'logs'] as const

/** What `GET /api/suggestions` may be asked. */
export const suggestionParameters = {
  of: { description: 'What the condition is on.', enum: kinds, default: 'spans' },
  name: { description: 'Values of this field or attribute; without it, names.' },
  text: { description: 'Occurs in each suggestion, in upper or lower case.' },
} as const

/** @throws QueryProblem 400 that names the parameter. */
export function parseSuggestionQuery(given: URLSearchParams): SuggestionQuery {
  const parameters = readParameters(given, suggestionParameters)
  return {
    of: parameters.oneOf('of', kinds) ?? 'spans',
    name: parameters.text('name'),
    text: (parameters.text('text') ?? '').toLowerCase(),
  }
}

/** Spans or records that are looked at, the latest: enough to know the names, and quick while somebody types. */
const itemsMax = 5_000
/** Names or values that are counted; a value may be another one each time. */
const countedMax = 2_000
const suggestionsMax = 20
/** A longer value is nothing to choose from. */
const valueCharsMax = 120

export function* listSuggestions(
  traces: Iterable<StoredTrace>,
  looseLogs: Iterable<StoredLogRecord>,
  { of, name, text }: SuggestionQuery,
): Steps<Suggestions> {
  const counts = new Map<string, number>()
  const count = (found: string) => {
    if (found === '' || found.length > valueCharsMax || !found.toLowerCase().includes(text)) return
    if (counts.has(found) || counts.size < countedMax)
      counts.set(found, (counts.get(found) ?? 0) + 1)
  }
  const visit = (item: Queried) => {
    if (name !== undefined) {
      for (const value of listTexts(readQueried(item, name))) count(value)
      return
    }
    for (const { key } of item.attributes) if (isWritable(key)) count(key)
    for (const { key } of item.resource) if (isWritable(key)) count(key)
  }
  let looked = 0
  for (const trace of [...traces].reverse()) {
    yield
    if (looked >= itemsMax) break
    for (const item of listItems(trace, of)) visit(item)
    looked += of === 'spans' ? trace.spans.length : trace.logRecords.length
  }
  if (of === 'logs') {
    for (const record of [...looseLogs].slice(-itemsMax)) {
      yield
      visit(queryLogRecord(record, record.source.resource.attributes))
    }
  }
  const fields = of === 'spans' ? spanFields : recordFields
  const own = name === undefined ? fields.filter((field) => field.toLowerCase().includes(text)) : []
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  return {
    suggestions: [...new Set([...own, ...sorted.map(([found]) => found)])].slice(0, suggestionsMax),
  }
}

function listItems({ spans, logRecords }: StoredTrace, of: 'spans' | 'logs'): readonly Queried[] {
  if (of === 'logs')
    return logRecords.map((record) => queryLogRecord(record, record.source.resource.attributes))
  return spans.map((span) => querySpan(span, span.source.resource.attributes))
}

/** Whether `where` can name it: a sender's keys may be any text. */
function isWritable(key: string): boolean {
  return /^[\w.\-/]+$/.test(key)
}

function listTexts(value: AnyValue | undefined): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'boolean' || typeof value === 'bigint' || typeof value === 'number')
    return [String(value)]
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return []
  return 'values' in value ? value.values.flatMap(listTexts) : []
}
