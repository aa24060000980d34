import { encodeLogsJson, encodeTracesJson } from '../../../otlp/encode-json.ts'
import type { StoredLogRecord, StoredTrace } from '../../store/stored-trace.ts'
import { readTime } from '../logs/search-logs.ts'
import { QueryProblem } from '../problem.ts'
import type { Steps } from '../turns.ts'
import { groupItems } from './render-trace.ts'

/** Of one export; a file that is larger is asked for in parts. */
const exportCharsMax = 60 * 1024 * 1024

/**
 * Traces and log records as a file that tools for OTLP read: one request as OTLP/JSON to a line, spans and log records
 * apart, as the Collector's file exporter writes them.
 *
 * @throws QueryProblem 400 for more than 60 MiB.
 */
export function* exportTraces(
  traces: Iterable<StoredTrace>,
  looseRecords: Iterable<StoredLogRecord>,
): Steps<string> {
  const lines: string[] = []
  let chars = 0
  function add(line: string): void {
    chars += line.length + 1
    if (chars > exportCharsMax)
      throw new QueryProblem(
        400,
        `expected at most ${exportCharsMax} bytes: narrow it by start and end`,
      )
    lines.push(line, '\n')
  }
  for (const { spans, logRecords } of traces) {
    yield
    if (spans.length > 0) add(encodeTracesJson(groupItems(spans, (span) => span.startNanos)))
    if (logRecords.length > 0) add(encodeLogsJson(groupItems(logRecords, readTime)))
  }
  const loose = [...looseRecords]
  if (loose.length > 0) add(encodeLogsJson(groupItems(loose, readTime)))
  return lines.join('')
}
