import type { Section } from '../layout/arrange.ts'
import { matrixCell, matrixRow, rowPair } from '../links/data-link.ts'
import { requestTraces, withServerError } from '../links/traces.ts'
import { matrixPanel } from '../panels/matrix-panel.ts'
import { requestColumns } from '../panels/request-columns.ts'
import { tablePanel } from '../panels/table-panel.ts'
import { type Grouping, latencyQuantile } from '../queries/measures.ts'
import { label, requests } from '../queries/spans.ts'

const pairs: Grouping = { by: [label.name, label.runtime], window: 'range' }
const noValue = 'no requests'

/** Tables with routes as rows and runtimes as columns. */
export const pairSection: Section = {
  title: 'Every route on every runtime, in the time shown',
  lines: [
    {
      height: 9,
      panels: [
        matrixPanel({
          title: 'p95 by route and runtime',
          description:
            '95 % of the requests of a route on a runtime took no longer than this; darker is slower. An empty cell had no requests. A click opens its traces.',
          unit: 's',
          noValue,
          expr: latencyQuantile(0.95, requests, pairs),
          row: {
            label: label.name,
            title: 'Route',
            links: [requestTraces('Traces of this route', matrixRow)],
          },
          column: { label: label.runtime },
          links: [requestTraces('Traces of this route on this runtime', matrixCell)],
        }),
      ],
    },
    {
      height: 12,
      panels: [
        tablePanel({
          title: 'Routes on runtimes',
          description:
            'One row for each route on each runtime: how many requests, what became of them, how long they took. Click on a heading to sort, on its funnel to filter.',
          noValue,
          keys: [
            { label: label.name, title: 'Route' },
            { label: label.runtime, title: 'Runtime' },
          ],
          columns: requestColumns(pairs),
          rowsMax: 200,
          links: [
            requestTraces('Traces of this route on this runtime', rowPair),
            requestTraces('Traces with a server error', rowPair, withServerError),
          ],
        }),
      ],
    },
  ],
}
