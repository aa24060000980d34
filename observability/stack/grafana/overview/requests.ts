import type { Section } from '../layout/arrange.ts'
import { seriesRuntime } from '../links/data-link.ts'
import { logs, onlyErrors, onlyWarnings } from '../links/logs.ts'
import {
  requestTraces,
  slowerThanPoint,
  withClientError,
  withServerError,
} from '../links/traces.ts'
import { statusColors } from '../panels/status-colors.ts'
import { timeSeriesPanel } from '../panels/time-series-panel.ts'
import { callRate, type Grouping, latencyQuantile, statusShare } from '../queries/measures.ts'
import { label, requests } from '../queries/spans.ts'

const all: Grouping = { by: [], window: 'interval' }
const noValue = 'no requests'

/** Rate, errors and durations of all requests, by runtime. */
export const requestSection: Section = {
  title: 'Requests',
  lines: [
    {
      height: 8,
      panels: [
        timeSeriesPanel({
          title: 'Rate',
          description: 'Requests per second, by the runtime that answered; together, all requests.',
          unit: 'reqps',
          noValue,
          stacked: true,
          lines: [
            {
              expr: callRate(requests, { ...all, by: [label.runtime] }),
              legend: `{{${label.runtime}}}`,
            },
          ],
          links: [
            requestTraces('Traces on this runtime', seriesRuntime),
            logs('Log records of this runtime', seriesRuntime),
          ],
        }),
        timeSeriesPanel({
          title: 'Errors',
          description:
            'Share of requests answered with a 5xx (failures of the service) and with a 4xx (what clients got wrong). 0 without errors, nothing without requests.',
          unit: 'percentunit',
          noValue,
          colors: statusColors,
          lines: [
            { expr: statusShare(requests, '5..', all), legend: '5xx' },
            { expr: statusShare(requests, '4..', all), legend: '4xx' },
          ],
          links: [
            requestTraces('Traces with a server error', {}, withServerError),
            requestTraces('Traces with a client error', {}, withClientError),
            logs('Log records of errors', {}, onlyErrors),
            logs('Log records of warnings', {}, onlyWarnings),
          ],
        }),
        timeSeriesPanel({
          title: 'Durations',
          description:
            'Half of the requests took no longer than p50, 95 % no longer than p95, 99 % no longer than p99. Each small square is a request; it opens its trace.',
          unit: 's',
          noValue,
          lines: [
            { expr: latencyQuantile(0.5, requests, all), legend: 'p50' },
            { expr: latencyQuantile(0.95, requests, all), legend: 'p95' },
            { expr: latencyQuantile(0.99, requests, all), legend: 'p99', exemplars: true },
          ],
          links: [requestTraces('Traces slower than this point', {}, slowerThanPoint)],
        }),
      ],
    },
  ],
}
