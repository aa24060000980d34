import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { createDashboard } from './layout/dashboard.ts'
import { compared, overview, topLinks } from './links/top-links.ts'
import { databaseSection } from './overview/database.ts'
import { logSection } from './overview/logs.ts'
import { requestSection } from './overview/requests.ts'
import { routeSection } from './overview/routes.ts'
import { summarySection } from './overview/summary.ts'

/** One service: rate, errors and durations of its requests, its database, its log records. */
export const serviceOverview: Dashboard = createDashboard({
  ...overview,
  description:
    'Rate, errors and durations of the requests that a service answers, with its database and its log records. ' +
    'Counted from server spans alone; a line, a point or a row leads to traces and log records.',
  links: topLinks(compared),
  sections: [summarySection, requestSection, routeSection, databaseSection, logSection],
})
