import type { Signal } from '../signal.ts'

/** What a signal calls the three levels of its request, in JSON and in the path of an error. */
export type GroupNames = {
  readonly resources: string
  readonly scopes: string
  readonly items: string
}

/** The names of OTLP/JSON, by signal. */
export const groupNames: Readonly<Record<Signal, GroupNames>> = {
  traces: { resources: 'resourceSpans', scopes: 'scopeSpans', items: 'spans' },
  logs: { resources: 'resourceLogs', scopes: 'scopeLogs', items: 'logRecords' },
  metrics: { resources: 'resourceMetrics', scopes: 'scopeMetrics', items: 'metrics' },
}
