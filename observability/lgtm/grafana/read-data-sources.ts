import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import { parse } from 'yaml'

/** A label of a span or its resource, and what it is called where the link leads. */
export type Tag = { readonly key: string; readonly value: string }

/** What the provisioned data sources say of links between traces, logs and metrics. */
export type DataSources = {
  /** `timeInterval` of Prometheus, in seconds. */
  readonly scrapeSeconds: number
  /** The label of an exemplar that holds the id of its trace, and where that is looked up. */
  readonly exemplar: { readonly label: string; readonly datasource: string }
  /** The label of a log record that holds the id of its trace, and where that is looked up. */
  readonly derivedField: { readonly label: string; readonly datasource: string }
  readonly traceToLogs: { readonly query: string; readonly tags: readonly Tag[] }
  readonly traceToMetrics: {
    readonly queries: readonly { readonly name: string; readonly query: string }[]
    readonly tags: readonly Tag[]
    /** How far from the span it is looked for, such as `-15m`. */
    readonly startShift: string
    readonly endShift: string
  }
}

const tags = v.array(v.object({ key: v.string(), value: v.string() }))
const prometheus = v.object({
  type: v.literal('prometheus'),
  jsonData: v.object({
    timeInterval: v.pipe(v.string(), v.regex(/^\d+s$/)),
    exemplarTraceIdDestinations: v.tuple([
      v.object({ name: v.string(), datasourceUid: v.string() }),
    ]),
  }),
})
const loki = v.object({
  type: v.literal('loki'),
  jsonData: v.object({
    derivedFields: v.tuple([
      v.object({
        matcherType: v.literal('label'),
        matcherRegex: v.string(),
        datasourceUid: v.string(),
      }),
    ]),
  }),
})
const tempo = v.object({
  type: v.literal('tempo'),
  jsonData: v.object({
    tracesToLogsV2: v.object({ customQuery: v.literal(true), query: v.string(), tags }),
    tracesToMetrics: v.object({
      tags,
      spanStartTimeShift: v.string(),
      spanEndTimeShift: v.string(),
      queries: v.array(v.object({ name: v.string(), query: v.string() })),
    }),
  }),
})
const file = v.object({ datasources: v.array(v.looseObject({ type: v.string() })) })

/**
 * Reads the file as Grafana does.
 *
 * @throws Error when a data source is missing, or says something else.
 */
export function readDataSources(path: string): DataSources {
  const { datasources } = v.parse(file, parse(readFileSync(path, 'utf8')))
  const find = (type: string) => datasources.find((it) => it.type === type)
  const { jsonData: metrics } = v.parse(prometheus, find('prometheus'))
  const { jsonData: logs } = v.parse(loki, find('loki'))
  const { jsonData: traces } = v.parse(tempo, find('tempo'))
  const { tracesToLogsV2, tracesToMetrics } = traces
  const [destination] = metrics.exemplarTraceIdDestinations
  const [field] = logs.derivedFields
  return {
    scrapeSeconds: Number.parseInt(metrics.timeInterval, 10),
    exemplar: { label: destination.name, datasource: destination.datasourceUid },
    derivedField: { label: field.matcherRegex, datasource: field.datasourceUid },
    traceToLogs: { query: unescapeDollars(tracesToLogsV2.query), tags: tracesToLogsV2.tags },
    traceToMetrics: {
      tags: tracesToMetrics.tags,
      startShift: tracesToMetrics.spanStartTimeShift,
      endShift: tracesToMetrics.spanEndTimeShift,
      queries: tracesToMetrics.queries.map(({ name, query }) => ({
        name,
        query: unescapeDollars(query),
      })),
    },
  }
}

/** `$NAME` would be a variable of Grafana's environment, so what is meant as it stands is `$$`. */
function unescapeDollars(text: string): string {
  return text.replaceAll('$$', '$')
}
