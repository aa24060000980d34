/**
 * The series that both collectors make of spans, as Prometheus names them; `docs/telemetry.md` has the contract and
 * `observability/stack/collector.yaml` the definition.
 *
 * `calls` of a new series is reported as 0 first and `latency` is not, so a rate of `calls` misses nothing, and one of
 * `latency` what came before the first report, unless Prometheus is told to add the zero
 * (`--enable-feature=created-timestamp-zero-ingestion`). Therefore requests are counted by `calls` alone, and a ratio
 * is never of one by the other.
 */
export const series = {
  calls: 'traces_spanmetrics_calls_total',
  latencyBucket: 'traces_spanmetrics_latency_bucket',
  latencySum: 'traces_spanmetrics_latency_sum',
  latencyCount: 'traces_spanmetrics_latency_count',
} as const

type Series = (typeof series)[keyof typeof series]

/** Labels that queries group by or that links are made from. */
export const label = {
  runtime: 'hono_runtime_name',
  /** `GET /api/v1/todos` on a server span, `SELECT todos` on a statement. A request that matched no route is `GET`. */
  name: 'span_name',
  status: 'http_response_status_code',
  operation: 'db_operation_name',
  collection: 'db_collection_name',
} as const

/** The name of such a label, as Prometheus has it. */
export type Label = (typeof label)[keyof typeof label]

/** The spans of a query: matchers, as they stand between the braces of a selector. */
export type Spans = readonly string[]

/*
 * `runtime` and `route` are regular expressions, and `.*` when All is chosen. Not `.+`, which would leave out what
 * has no such label: spans of a service that is none of ours, and so would miss from the sums. A route is chosen by
 * the span's name, since `http_route` is absent from requests that matched none, and two methods share one.
 */
const ofService: Spans = ['service_name="$service"', `${label.runtime}=~"$runtime"`]

/** Requests as a runtime answered them; never spans of clients or of the database. */
export const requests: Spans = [
  ...ofService,
  'span_kind="SPAN_KIND_SERVER"',
  `${label.name}=~"$route"`,
]

/** The same for any chosen route: divide database numbers by these, because database spans do not know their route. */
export const requestsOfAllRoutes: Spans = [...ofService, 'span_kind="SPAN_KIND_SERVER"']

const ofDatabase: Spans = [...ofService, 'span_kind="SPAN_KIND_CLIENT"', 'db_system_name!=""']

/**
 * Statements, from the moment they were asked for. Opening a connection is left out: that is a span within the
 * statement that needed it, and would count twice.
 */
export const statements: Spans = [...ofDatabase, `${label.operation}!="CONNECT"`]

/** Physical connections being opened. */
export const connections: Spans = [...ofDatabase, `${label.operation}="CONNECT"`]

/** A selector of a series for these spans. */
export function select(of: Series, spans: Spans, ...more: Spans): string {
  return `${of}{${[...spans, ...more].join(',')}}`
}
