import {
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { prometheus } from '../data-sources.ts'
import { label, series } from '../queries/spans.ts'

/** The service that is shown first; if it does not exist, Grafana takes the first one. */
const defaultService = 'todo-api'

const ofServers = 'span_kind="SPAN_KIND_SERVER"'

/**
 * The variables of every dashboard: one service, any of its runtimes, any of its routes.
 *
 * A route is the name of a server span, so that there is one as soon as there is a request: requests that match no
 * route have no `http_route`, and are `GET`. The list is never empty, because All is always in it.
 */
export function variables(): QueryVariableBuilder[] {
  return [
    serviceVariable(),
    listVariable('runtime', 'Runtime', label.runtime).description(
      'Where the service runs: hono.runtime.name of its resource',
    ),
    listVariable('route', 'Route', label.name).description(
      'Method and route; requests that matched no route are under their method alone',
    ),
  ]
}

function serviceVariable(): QueryVariableBuilder {
  return queryVariable('service', 'Service')
    .query(`label_values(${series.calls}{${ofServers}}, service_name)`)
    .description('Whose requests: service.name')
    .current({ text: defaultService, value: defaultService })
}

function listVariable(name: string, title: string, of: string): QueryVariableBuilder {
  return queryVariable(name, title)
    .query(`label_values(${series.calls}{service_name="$service",${ofServers}}, ${of})`)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ text: ['All'], value: ['$__all'] })
}

function queryVariable(name: string, title: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(title)
    .datasource(prometheus)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.NaturalAsc)
}
