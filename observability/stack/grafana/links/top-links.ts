import type { DashboardLink } from '@grafana/grafana-foundation-sdk/dashboard'
import { label } from '../queries/spans.ts'
import { dashboardLink } from './dashboard-link.ts'
import { type DataLink, seriesLabel } from './data-link.ts'
import { variable } from './variable.ts'

/** The dashboard of one service; its uid is part of every link to it. */
export const overview = { uid: 'service-overview', title: 'Service overview' } as const
/** The dashboard of all runtimes side by side; its uid is part of every link to it. */
export const compared = { uid: 'runtimes-compared', title: 'Runtimes compared' } as const

/** Leads to the overview of the runtime of the series that was clicked on, for the same routes and time. */
export const overviewOfSeries: DataLink = {
  title: `Overview of ${variable(`__field.labels.${label.runtime}`)}`,
  url: `/d/${overview.uid}?${[
    variable('service:queryparam'),
    variable('route:queryparam'),
    `var-runtime=${seriesLabel(label.runtime)}`,
    variable('__url_time_range'),
  ].join('&')}`,
}

/** Links at the top of a dashboard: to the other one, and to what its numbers are made of. */
export function topLinks({ uid, title }: typeof overview | typeof compared): DashboardLink[] {
  const toOther = dashboardLink(
    { title, url: `/d/${uid}` },
    {
      tooltip: 'The same service, runtimes, routes and time',
      includeVars: true,
      keepTime: true,
    },
  )
  return [toOther, ...documentation]
}

const outside = { icon: 'external link', targetBlank: true }

const documentation: readonly DashboardLink[] = [
  dashboardLink(
    {
      title: 'How spans become series',
      url: 'https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/connector/spanmetricsconnector',
    },
    { ...outside, tooltip: 'The connector that observability/stack/collector.yaml sets up' },
  ),
  dashboardLink(
    {
      title: 'What HTTP spans say',
      url: 'https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span',
    },
    { ...outside, tooltip: 'The conventions that routes, statuses and errors follow' },
  ),
]
