import type { DataSource } from '../data-sources.ts'
import { variable } from './variable.ts'

/** The query of one pane of Explore, without the fields that every query has. */
export type ExploreQuery = Readonly<Record<string, string | number>>

/**
 * A URL, within Grafana, of Explore with this query over the time that the dashboard shows.
 *
 * Grafana replaces `${…}` in a link after this, so those stay as they are, and everything else is percent-encoded.
 */
export function exploreUrl(datasource: DataSource, query: ExploreQuery): string {
  const panes = {
    a: {
      datasource: datasource.uid,
      queries: [{ refId: 'A', datasource, ...query }],
      range: { from: variable('__from'), to: variable('__to') },
    },
  }
  return `/explore?schemaVersion=1&panes=${encodeAroundVariables(JSON.stringify(panes))}`
}

function encodeAroundVariables(text: string): string {
  return text
    .split(/(\$\{[^}]+\})/)
    .map((part, index) => (index % 2 === 0 ? encodeURIComponent(part) : part))
    .join('')
}
