import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'

/** The name of a dashboard's file. */
export function fileNameOf({ uid, title }: Dashboard): string {
  if (uid === undefined) throw new Error(`the dashboard ${title} has no uid, which names its file`)
  return `${uid}.json`
}

/** A dashboard as Grafana reads it from a file: the same text every time. */
export function renderDashboard(dashboard: Dashboard): string {
  return `${JSON.stringify(dashboard, null, 2)}\n`
}
