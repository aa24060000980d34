import { type DashboardLink, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard'
import type { DataLink } from './data-link.ts'

/**
 * A link in a dashboard's header. Not by the SDK's builder, which would hide it in the menu of controls.
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
