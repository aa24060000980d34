import { tempo } from '../data-sources.ts'
import { label } from '../queries/spans.ts'
import { chosen, type DataLink, type Source, seriesLabel } from './data-link.ts'
import { exploreUrl } from './explore-url.ts'
import { variable } from './variable.ts'

/** Conditions on the span that a link looks for, in TraceQL. */
export const withServerError = 'span.http.response.status_code >= 500'
/** A condition like `withServerError`, for 4xx. */
export const withClientError =
  'span.http.response.status_code >= 400 && span.http.response.status_code < 500'
/** As the series that was clicked on. */
export const withStatusOfSeries = `span.http.response.status_code = ${seriesLabel(label.status)}`
/** Slower than the point or the number that was clicked on. */
export const slowerThanPoint = `duration > ${variable('__value.raw')}s`

/** Leads to traces in Tempo that have such a request. */
export function requestTraces(title: string, source: Source = {}, ...more: string[]): DataLink {
  const name = source.name === undefined ? `name =~ "${chosen.route}"` : `name = "${source.name}"`
  return traces(title, source, 'kind = server', name, ...more)
}

/** Leads to traces in Tempo that have such a statement, or the opening of a connection. */
export function statementTraces(
  title: string,
  operation: string,
  source: Source = {},
  ...more: string[]
): DataLink {
  const isOperation = `span.db.operation.name = "${operation}"`
  return traces(title, source, 'kind = client', isOperation, ...more)
}

function traces(title: string, { runtime }: Source, ...conditions: string[]): DataLink {
  const ofRuntime =
    runtime === undefined
      ? `resource.hono.runtime.name =~ "${chosen.runtime}"`
      : `resource.hono.runtime.name = "${runtime}"`
  const all = [`resource.service.name = "${chosen.service}"`, ofRuntime, ...conditions]
  const query = `{ ${all.join(' && ')} }`
  return { title, url: exploreUrl(tempo, { queryType: 'traceql', query, limit: 20 }) }
}
