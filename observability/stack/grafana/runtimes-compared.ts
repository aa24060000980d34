import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { databaseSection } from './compared/database.ts'
import { distributionSection } from './compared/distribution.ts'
import { eachRouteSection } from './compared/each-route.ts'
import { pairSection } from './compared/pairs.ts'
import { sideBySideSection } from './compared/side-by-side.ts'
import { createDashboard } from './layout/dashboard.ts'
import { compared, overview, topLinks } from './links/top-links.ts'

/** One service on several runtimes, next to each other: as a table, as lines, as heat maps, route by route. */
export const runtimesCompared: Dashboard = createDashboard({
  ...compared,
  description:
    'The same service on several runtimes, next to each other. Durations are as good as the clock of a runtime: ' +
    'on deployed Workers it stands still between input and output (hono.runtime.clock = io-only), so there ' +
    'a short duration does not mean fast.',
  links: topLinks(overview),
  sections: [
    pairSection,
    sideBySideSection,
    databaseSection,
    distributionSection,
    eachRouteSection,
  ],
})
