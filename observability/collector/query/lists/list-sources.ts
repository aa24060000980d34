import type { SourceCount } from '../../../wire/sources.ts'
import type { Source } from '../../store/source-pool.ts'
import type { StoredLogRecord, StoredTrace } from '../../store/stored-trace.ts'
import { renderTime } from '../time.ts'
import type { Steps } from '../turns.ts'

/** Counts by service or by runtime, sorted by name. Sources that do not name theirs are left out. */
export function* listSources(
  by: 'service' | 'runtime',
  traces: Iterable<StoredTrace>,
  looseLogs: Iterable<StoredLogRecord>,
): Steps<readonly SourceCount[]> {
  const counts = new Map<string, Count>()
  const countOf = (source: Source): Count => {
    const name = source[by]
    const count = counts.get(name) ?? { traces: 0, spans: 0, logs: 0, lastSeenMillis: 0 }
    counts.set(name, count)
    count.lastSeenMillis = Math.max(count.lastSeenMillis, source.lastSeenMillis)
    return count
  }

  for (const { spans, logRecords } of [...traces]) {
    yield
    for (const { source } of spans) countOf(source).spans += 1
    for (const { source } of logRecords) countOf(source).logs += 1
    for (const name of new Set(spans.map(({ source }) => source[by]))) {
      const count = counts.get(name)
      if (count !== undefined) count.traces += 1
    }
  }
  for (const { source } of [...looseLogs]) countOf(source).logs += 1
  counts.delete('')

  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { traces, spans, logs, lastSeenMillis }]) => ({
      name,
      traceCount: traces,
      spanCount: spans,
      logCount: logs,
      lastSeen: renderTime(BigInt(lastSeenMillis) * 1_000_000n),
    }))
}

type Count = { traces: number; spans: number; logs: number; lastSeenMillis: number }
