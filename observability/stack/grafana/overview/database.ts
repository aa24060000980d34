import type { Section } from '../layout/arrange.ts'
import { rowCell, seriesLabel } from '../links/data-link.ts'
import { slowerThanPoint, statementTraces } from '../links/traces.ts'
import { tablePanel } from '../panels/table-panel.ts'
import { failures } from '../panels/thresholds.ts'
import { timeSeriesPanel } from '../panels/time-series-panel.ts'
import {
  callCount,
  failureShare,
  type Grouping,
  latencyQuantile,
  timePerSpan,
  timeRate,
  timeShare,
  timeTotal,
} from '../queries/measures.ts'
import { connections, label, requestsOfAllRoutes, statements } from '../queries/spans.ts'

const statement = [label.operation, label.collection] as const
const byStatement: Grouping = { by: statement, window: 'interval' }
const overall: Grouping = { by: statement, window: 'range' }
const all: Grouping = { by: [], window: 'interval' }
const legend = `{{${label.operation}}} {{${label.collection}}}`
const noValue = 'no statements'
/** Database spans do not know which request they belong to; only a trace does. */
const ofAllRoutes = 'Of all routes, whichever are chosen above.'

/** How long the statements of one service take, and which take most. */
export const databaseSection: Section = {
  title: 'Database',
  lines: [
    {
      height: 9,
      panels: [
        timeSeriesPanel({
          title: 'Database time by statement',
          description: `Seconds spent waiting for each kind of statement, per second: 1 is one statement at all times. From when it was asked for, so waiting for a connection counts. ${ofAllRoutes}`,
          unit: 'suffix: s/s',
          noValue,
          stacked: true,
          lines: [{ expr: timeRate(statements, byStatement), legend }],
          links: [statementTraces('Traces with this operation', seriesLabel(label.operation))],
        }),
        timeSeriesPanel({
          title: 'p95 by statement',
          description: `95 % of the statements of a kind took no longer than this. Each small square is a statement; it opens its trace. ${ofAllRoutes}`,
          unit: 's',
          noValue,
          lines: [
            { expr: latencyQuantile(0.95, statements, byStatement), legend, exemplars: true },
          ],
          links: [
            statementTraces(
              'Traces with this operation slower than this point',
              seriesLabel(label.operation),
              {},
              slowerThanPoint,
            ),
          ],
        }),
        timeSeriesPanel({
          title: 'Share of database time',
          description: `How much of the time of requests went into statements, and how much of it into opening connections, which is part of the former. More than 100 % where statements run side by side. ${ofAllRoutes}`,
          unit: 'percentunit',
          noValue: 'no requests',
          lines: [
            { expr: timeShare(statements, requestsOfAllRoutes, all), legend: 'statements' },
            {
              expr: timeShare(connections, requestsOfAllRoutes, all),
              legend: 'opening connections',
            },
          ],
          links: [statementTraces('Traces that opened a connection', 'CONNECT')],
        }),
      ],
    },
    {
      height: 8,
      panels: [
        tablePanel({
          title: 'Statements',
          description: `What each kind of statement took in the time shown, the most first. ${ofAllRoutes}`,
          noValue,
          keys: [
            { label: label.operation, title: 'Operation' },
            { label: label.collection, title: 'Table' },
          ],
          columns: [
            { title: 'Time in all', expr: timeTotal(statements, overall), unit: 's' },
            {
              title: 'Statements',
              expr: callCount(statements, overall),
              unit: 'short',
              decimals: 0,
            },
            { title: 'Mean', expr: timePerSpan(statements, statements, overall), unit: 's' },
            { title: 'p95', expr: latencyQuantile(0.95, statements, overall), unit: 's' },
            {
              title: 'Failed',
              expr: failureShare(statements, overall),
              unit: 'percentunit',
              thresholds: failures,
            },
          ],
          rowsMax: 20,
          links: [statementTraces('Traces with this operation', rowCell(label.operation))],
        }),
      ],
    },
  ],
}
