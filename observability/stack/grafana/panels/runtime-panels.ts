import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import { seriesRuntime } from '../links/data-link.ts'
import { logs, onlyErrors, onlyWarnings } from '../links/logs.ts'
import { overviewOfSeries } from '../links/top-links.ts'
import {
  requestTraces,
  slowerThanPoint,
  withClientError,
  withServerError,
} from '../links/traces.ts'
import { callRate, type Grouping, latencyQuantile, statusShare } from '../queries/measures.ts'
import { label, requests } from '../queries/spans.ts'
import { timeSeriesPanel } from './time-series-panel.ts'

// One line for each runtime, of the routes that are chosen or that a section is repeated for.

const byRuntime: Grouping = { by: [label.runtime], window: 'interval' }
const legend = `{{${label.runtime}}}`
const noValue = 'no requests'

/** Requests per second, one line per runtime; used by both dashboards. */
export function runtimeRates(title: string): Panel {
  return timeSeriesPanel({
    title,
    description: 'Requests per second on each runtime.',
    unit: 'reqps',
    noValue,
    lines: [{ expr: callRate(requests, byRuntime), legend }],
    links: [
      requestTraces('Traces on this runtime', seriesRuntime),
      logs('Log records of this runtime', seriesRuntime),
      overviewOfSeries,
    ],
  })
}

/** Share of 5xx answers, 0 to 1, one line per runtime; used by both dashboards. */
export function runtimeServerErrors(title: string): Panel {
  return timeSeriesPanel({
    title,
    description:
      'Share of the requests on each runtime that were answered with a 5xx. 0 without errors, nothing without requests.',
    unit: 'percentunit',
    noValue,
    lines: [{ expr: statusShare(requests, '5..', byRuntime), legend }],
    links: [
      requestTraces('Traces on this runtime with a server error', seriesRuntime, withServerError),
      logs('Errors in the log of this runtime', seriesRuntime, onlyErrors),
    ],
  })
}

/** Share of 4xx answers, 0 to 1, one line per runtime; used by both dashboards. */
export function runtimeClientErrors(title: string): Panel {
  return timeSeriesPanel({
    title,
    description:
      'Share of the requests on each runtime that were answered with a 4xx: what clients got wrong, and the same on every runtime if all are asked the same.',
    unit: 'percentunit',
    noValue,
    lines: [{ expr: statusShare(requests, '4..', byRuntime), legend }],
    links: [
      requestTraces('Traces on this runtime with a client error', seriesRuntime, withClientError),
      logs('Warnings in the log of this runtime', seriesRuntime, onlyWarnings),
    ],
  })
}

/** @param quantile 0.5, 0.95 or 0.99. */
export function runtimeQuantile(title: string, quantile: number): Panel {
  return timeSeriesPanel({
    title,
    description: `${quantile * 100} % of the requests on each runtime took no longer than this. Each small square is a request; it opens its trace.`,
    unit: 's',
    noValue,
    lines: [{ expr: latencyQuantile(quantile, requests, byRuntime), legend, exemplars: true }],
    links: [
      requestTraces(
        'Traces on this runtime slower than this point',
        seriesRuntime,
        slowerThanPoint,
      ),
      overviewOfSeries,
    ],
  })
}
