import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  type DashboardLink,
  TimePickerBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { arrange, type Section } from './arrange.ts'
import { variables } from './variables.ts'

type DashboardContent = {
  readonly uid: string
  readonly title: string
  readonly description: string
  readonly links: readonly DashboardLink[]
  readonly sections: readonly Section[]
}

/** The connector's interval in `observability/stack/collector.yaml`: no new value comes sooner. */
const refresh = '15s'

/**
 * Builds a dashboard with the parts that all of this project share: variables, time, refresh, a crosshair on all
 * panels.
 */
export function createDashboard(content: DashboardContent): Dashboard {
  const dashboard = new DashboardBuilder(content.title)
    .uid(content.uid)
    .description(content.description)
    .tags(['services'])
    .links(content.links.map((link) => ({ build: () => link })))
    .variables(variables())
    .annotations([])
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: 'now-30m', to: 'now' })
    .timepicker(new TimePickerBuilder().refreshIntervals([refresh, '30s', '1m', '5m', '15m']))
    .refresh(refresh)
    .build()
  return { ...dashboard, panels: arrange(content.sections) }
}
