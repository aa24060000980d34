import { dashboardsJson } from '../../stack/grafana/testing/dashboard-json.ts'

/** One question that a panel asks of Prometheus. */
export type PanelQuery = {
  /** Such as `Service overview › p95 by route › A`, different for each. */
  readonly name: string
  readonly expr: string
  readonly isInstant: boolean
  readonly wantsExemplars: boolean
  /** The variable whose values the panel, or its section, is repeated for, one by one. */
  readonly repeat: string | undefined
  /** Length of the time that the dashboard shows when it is opened. */
  readonly rangeMillis: number
}

/** The queries of all dashboards, in their order. */
export function listPanelQueries(): readonly PanelQuery[] {
  return dashboardsJson.flatMap(({ title, panels, time }) => {
    let ofSection: string | undefined
    return panels.flatMap((panel) => {
      if (panel.type === 'row') ofSection = panel.repeat
      const targets = panel.targets?.filter(({ datasource }) => datasource.uid === 'prometheus')
      return (targets ?? []).map(({ refId, expr, instant = false, exemplar = false }) => ({
        name: `${title} › ${panel.title} › ${refId}`,
        expr,
        isInstant: instant,
        wantsExemplars: exemplar,
        repeat: panel.repeat ?? ofSection,
        rangeMillis: Number.parseInt(time.from.slice('now-'.length), 10) * 60_000,
      }))
    })
  })
}
