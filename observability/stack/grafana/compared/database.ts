import type { Section } from '../layout/arrange.ts'
import { seriesRuntime } from '../links/data-link.ts'
import { slowerThanPoint, statementTraces } from '../links/traces.ts'
import { timeSeriesPanel } from '../panels/time-series-panel.ts'
import {
  callsPerSpan,
  type Grouping,
  latencyQuantile,
  timePerSpan,
  timeShare,
} from '../queries/measures.ts'
import { connections, label, requestsOfAllRoutes, statements } from '../queries/spans.ts'

const byRuntime: Grouping = { by: [label.runtime], window: 'interval' }
const legend = `{{${label.runtime}}}`
const noValue = 'no requests'
const ofAllRoutes =
  'Of all routes, whichever are chosen above: database spans do not know their route.'
const toConnections = statementTraces(
  'Traces on this runtime that opened a connection',
  'CONNECT',
  seriesRuntime,
)

/** What each runtime spends on statements, and on opening connections for them. */
export const databaseSection: Section = {
  title: 'Where the time goes: the database',
  lines: [
    {
      height: 9,
      panels: [
        timeSeriesPanel({
          title: 'Share of database time',
          description: `How much of the time of requests went into statements, from when they were asked for; opening a connection is part of that. ${ofAllRoutes}`,
          unit: 'percentunit',
          noValue,
          lines: [{ expr: timeShare(statements, requestsOfAllRoutes, byRuntime), legend }],
          links: [toConnections],
        }),
        timeSeriesPanel({
          title: 'Connect time per request',
          description: `Seconds spent opening connections, for each request. On Workers every request opens one; elsewhere a pool keeps them, so this is 0 but for its first requests. ${ofAllRoutes}`,
          unit: 's',
          noValue,
          lines: [{ expr: timePerSpan(connections, requestsOfAllRoutes, byRuntime), legend }],
          links: [toConnections],
        }),
        timeSeriesPanel({
          title: 'Connections per request',
          description: `How many connections were opened for each request: 1 where nothing is kept, 0 where a pool has all it needs. ${ofAllRoutes}`,
          unit: 'none',
          noValue,
          lines: [{ expr: callsPerSpan(connections, requestsOfAllRoutes, byRuntime), legend }],
          links: [toConnections],
        }),
        timeSeriesPanel({
          title: 'p95 of opening a connection',
          description: `95 % of the connections that were opened took no longer than this. Nothing where none was opened. Each small square is one; it opens its trace. ${ofAllRoutes}`,
          unit: 's',
          noValue: 'no connection opened',
          lines: [{ expr: latencyQuantile(0.95, connections, byRuntime), legend, exemplars: true }],
          links: [
            statementTraces(
              'Traces on this runtime that opened one slower than this point',
              'CONNECT',
              seriesRuntime,
              slowerThanPoint,
            ),
          ],
        }),
      ],
    },
  ],
}
