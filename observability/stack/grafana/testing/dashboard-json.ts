import { dashboards } from '../dashboards.ts'
import { renderDashboard } from '../layout/render-dashboard.ts'

/** Of a dashboard's JSON, what the tests look at. */
export type DashboardJson = {
  readonly uid: string
  readonly title: string
  readonly refresh: string
  readonly time: { readonly from: string }
  readonly panels: readonly PanelJson[]
  readonly templating: { readonly list: readonly VariableJson[] }
  readonly links: readonly { readonly url: string }[]
}

export type PanelJson = {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly description?: string
  readonly repeat?: string
  readonly gridPos: {
    readonly x: number
    readonly y: number
    readonly w: number
    readonly h: number
  }
  readonly datasource?: DataSourceJson
  readonly targets?: readonly TargetJson[]
  readonly fieldConfig?: {
    readonly defaults: {
      readonly unit?: string
      readonly noValue?: string
      readonly links?: readonly LinkJson[]
    }
    readonly overrides?: readonly {
      readonly properties: readonly { readonly id: string; readonly value?: unknown }[]
    }[]
  }
}

export type LinkJson = { readonly title: string; readonly url: string }

export type DataSourceJson = { readonly type: string; readonly uid: string }

export type TargetJson = {
  readonly refId: string
  readonly expr: string
  readonly datasource: DataSourceJson
  readonly instant?: boolean
  readonly exemplar?: boolean
  readonly legendFormat?: string
}

export type VariableJson = {
  readonly name: string
  readonly query: string
  readonly datasource: DataSourceJson
  readonly includeAll: boolean
  readonly allValue?: string
}

/** The dashboards as Grafana reads them: the tests judge that, not how it is built. */
export const dashboardsJson: readonly DashboardJson[] = dashboards.map((dashboard) =>
  JSON.parse(renderDashboard(dashboard)),
)

/** Panels that show something, which headings do not, each with a name that a failed test can say. */
export const panelsJson: readonly (PanelJson & { readonly name: string })[] =
  dashboardsJson.flatMap(({ title, panels }) =>
    panels
      .filter(({ type }) => type !== 'row')
      .map((panel) => ({ ...panel, name: `${title} / ${panel.title}` })),
  )

/** Where clicks on a panel lead, those of single columns included. */
export function readLinks({ fieldConfig }: PanelJson): readonly LinkJson[] {
  const properties = fieldConfig?.overrides?.flatMap((override) => override.properties) ?? []
  const ofColumns = properties.filter(({ id }) => id === 'links').flatMap(({ value }) => value)
  return [...(fieldConfig?.defaults.links ?? []), ...ofColumns.filter(isLink)]
}

function isLink(value: unknown): value is LinkJson {
  return typeof value === 'object' && value !== null && 'title' in value && 'url' in value
}
