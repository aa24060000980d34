import type { DashboardLink } from '@grafana/grafana-foundation-sdk/dashboard'
import { dashboardLink } from '../links/dashboard-link.ts'
import type { DataLink } from '../links/data-link.ts'

/** The texts of every panel. */
export type PanelText = {
  readonly title: string
  /** The panel's content and how it is counted; shown next to the title. */
  readonly description: string
  /** One of Grafana's units; https://grafana.com/docs/grafana/latest/panels-visualizations/ lists them. */
  readonly unit: string
  /** Shown if a query has no result, which is not the same as 0. */
  readonly noValue: string
  /** Links of a point, a cell or a number. */
  readonly links: readonly DataLink[]
}

type TextBuilder = {
  title(text: string): unknown
  description(text: string): unknown
  unit(text: string): unknown
  noValue(text: string): unknown
  dataLinks(links: { build(): DashboardLink }[]): unknown
}

/** Writes them onto a builder of any kind of panel. */
export function describePanel<B extends TextBuilder>(builder: B, text: PanelText): B {
  builder.title(text.title)
  builder.description(text.description)
  builder.unit(text.unit)
  builder.noValue(text.noValue)
  builder.dataLinks(text.links.map((link) => ({ build: () => dashboardLink(link) })))
  return builder
}
