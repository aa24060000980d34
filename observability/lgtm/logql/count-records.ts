import type { Vector } from '../promql/select-series.ts'
import { matches } from '../promql/select-series.ts'
import type { LogOfResource } from '../recorder.ts'
import type { Labels } from '../spans/span-series.ts'
import type { LogQuery } from './parse-logql.ts'

/** The records that a query means. */
export function selectRecords(
  { matchers }: Pick<LogQuery, 'matchers'>,
  logs: readonly LogOfResource[],
): readonly LogOfResource[] {
  return logs.filter((it) => {
    const labels = readRecordLabels(it)
    return matchers.every((matcher) => matches(matcher, labels))
  })
}

/** How many records a count must find, by the labels that it counts by. */
export function countRecords(
  { matchers, countBy = [] }: LogQuery,
  logs: readonly LogOfResource[],
): Vector {
  const groups = Map.groupBy(selectRecords({ matchers }, logs), (it) => {
    const labels = readRecordLabels(it)
    return JSON.stringify(countBy.map((name) => [name, labels[name] ?? '']))
  })
  return [...groups].map(([key, records]) => ({
    labels: Object.fromEntries(JSON.parse(key)),
    value: records.length,
  }))
}

/** What Loki makes of a record: labels and structured metadata, as far as a query here may ask. */
function readRecordLabels({ record, resource }: LogOfResource): Labels {
  const labels: Record<string, string> = {
    detected_level: record.severityText.toLowerCase(),
    trace_id: record.traceId,
    span_id: record.spanId,
  }
  for (const { key, value } of [...record.attributes, ...resource])
    labels[key.replaceAll('.', '_')] ??= String(value)
  return labels
}
