import { type DashboardLink, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard'
import type { DataLink } from './data-link.ts'

/**
 * A link as a dashboard holds it. Not by the SDK's builder, which would put it into the menu of controls, where nobody
 * looks.
 */
export function dashboardLink(
  { title, url }: DataLink,
  more: Partial<DashboardLink> = {},
): DashboardLink {
  return {
    title,
    url,
    type: DashboardLinkType.Link,
    icon: '',
    tooltip: '',
    tags: [],
    asDropdown: false,
    targetBlank: false,
    includeVars: false,
    keepTime: false,
    ...more,
  }
}
