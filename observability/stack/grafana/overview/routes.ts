import type { Section } from '../layout/arrange.ts'
import { rowName, seriesName } from '../links/data-link.ts'
import { logs } from '../links/logs.ts'
import {
  requestTraces,
  slowerThanPoint,
  withServerError,
  withStatusOfSeries,
} from '../links/traces.ts'
import { requestColumns } from '../panels/request-columns.ts'
import { statusColors } from '../panels/status-colors.ts'
import { tablePanel } from '../panels/table-panel.ts'
import { timeSeriesPanel } from '../panels/time-series-panel.ts'
import { callRate, type Grouping, latencyQuantile, statusShare } from '../queries/measures.ts'
import { label, requests } from '../queries/spans.ts'

const byRoute: Grouping = { by: [label.name], window: 'interval' }
const legend = `{{${label.name}}}`
const noValue = 'no requests'
const routesMax = 20

/** Rates, server errors and durations by route, and rates by status. */
export const routeSection: Section = {
  title: 'Routes and statuses',
  lines: [
    {
      height: 9,
      panels: [
        timeSeriesPanel({
          title: 'Rate by route',
          description:
            'Requests per second by method and route. What matched no route is under its method alone.',
          unit: 'reqps',
          noValue,
          lines: [{ expr: callRate(requests, byRoute), legend }],
          links: [requestTraces('Traces of this route', seriesName), logs('Log records')],
        }),
        timeSeriesPanel({
          title: 'Rate by status',
          description:
            'Requests per second by the status they were answered with; together, all requests.',
          unit: 'reqps',
          noValue,
          stacked: true,
          colors: statusColors,
          lines: [
            {
              expr: callRate(requests, { by: [label.status], window: 'interval' }),
              legend: `{{${label.status}}}`,
            },
          ],
          links: [
            requestTraces('Traces with this status', {}, withStatusOfSeries),
            logs('Log records'),
          ],
        }),
      ],
    },
    {
      height: 9,
      panels: [
        timeSeriesPanel({
          title: 'Server errors by route',
          description: 'Share of the requests of a route that were answered with a 5xx.',
          unit: 'percentunit',
          noValue,
          lines: [{ expr: statusShare(requests, '5..', byRoute), legend }],
          links: [
            requestTraces('Traces of this route with a server error', seriesName, withServerError),
          ],
        }),
        timeSeriesPanel({
          title: 'p95 by route',
          description:
            '95 % of the requests of a route took no longer than this. Each small square is a request; it opens its trace.',
          unit: 's',
          noValue,
          lines: [{ expr: latencyQuantile(0.95, requests, byRoute), legend, exemplars: true }],
          links: [
            requestTraces(
              'Traces of this route slower than this point',
              seriesName,
              slowerThanPoint,
            ),
          ],
        }),
      ],
    },
    {
      height: 9,
      panels: [
        tablePanel({
          title: 'Top routes',
          description: `The ${routesMax} routes with the most requests in the time shown, with what became of them.`,
          noValue,
          keys: [{ label: label.name, title: 'Route' }],
          columns: requestColumns({ by: [label.name], window: 'range' }),
          rowsMax: routesMax,
          links: [
            requestTraces('Traces of this route', rowName),
            requestTraces('Traces of this route with a server error', rowName, withServerError),
          ],
        }),
      ],
    },
  ],
}
