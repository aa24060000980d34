import type { Section } from '../layout/arrange.ts'
import { logs, onlyErrors, onlyWarnings } from '../links/logs.ts'
import {
  requestTraces,
  slowerThanPoint,
  withClientError,
  withServerError,
} from '../links/traces.ts'
import { statPanel } from '../panels/stat-panel.ts'
import { failures, plain } from '../panels/thresholds.ts'
import { callCount, type Grouping, latencyQuantile, statusShare } from '../queries/measures.ts'
import { requests } from '../queries/spans.ts'

const all: Grouping = { by: [], window: 'range' }
const noValue = 'no requests'

const slow = (quantile: number, title: string) =>
  statPanel({
    title,
    description: `${quantile * 100} % of the requests in the time shown took no longer than this. As exact as the buckets of observability/stack/collector.yaml; 10 s also stands for more.`,
    unit: 's',
    noValue,
    expr: latencyQuantile(quantile, requests, all),
    thresholds: plain,
    links: [requestTraces('Traces slower than this', {}, slowerThanPoint)],
  })

/** One number each for the whole time range that is shown. */
export const summarySection: Section = {
  title: 'In the time shown',
  lines: [
    {
      height: 4,
      panels: [
        statPanel({
          title: 'Requests',
          description:
            'Requests answered in the time shown. Prometheus continues what it saw to the edges of that time, so this is off by up to what 15 s bring.',
          unit: 'short',
          noValue,
          expr: callCount(requests, all),
          thresholds: plain,
          links: [requestTraces('Traces'), logs('Log records')],
        }),
        statPanel({
          title: 'Server errors (5xx)',
          description: 'Share of requests answered with a 5xx: failures of the service.',
          unit: 'percentunit',
          noValue,
          expr: statusShare(requests, '5..', all),
          thresholds: failures,
          links: [
            requestTraces('Traces with a server error', {}, withServerError),
            logs('Log records of errors', {}, onlyErrors),
          ],
        }),
        statPanel({
          title: 'Client errors (4xx)',
          description:
            'Share of requests answered with a 4xx: what clients got wrong. No failure of the service, so not among the server errors.',
          unit: 'percentunit',
          noValue,
          expr: statusShare(requests, '4..', all),
          thresholds: plain,
          links: [
            requestTraces('Traces with a client error', {}, withClientError),
            logs('Log records of warnings', {}, onlyWarnings),
          ],
        }),
        slow(0.5, 'p50'),
        slow(0.95, 'p95'),
        slow(0.99, 'p99'),
      ],
    },
  ],
}
