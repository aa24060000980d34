import { loki } from '../data-sources.ts'
import { chosen, type DataLink, type Source } from './data-link.ts'
import { exploreUrl } from './explore-url.ts'
import { variable } from './variable.ts'

/** Filters on log records, in LogQL. */
export const onlyWarnings = ' | detected_level="warn"'
/** Levels `error` and `fatal`, as Loki detects them. */
export const onlyErrors = ' | detected_level=~"error|fatal"'
/** As the series that was clicked on. */
export const ofLevelOfSeries = ` | detected_level="${variable('__field.labels.detected_level:percentencode')}"`

/** Leads to log records in Loki. Records do not know their route, so a source's name does not count. */
export function logs(title: string, { runtime }: Source = {}, filter = ''): DataLink {
  const ofRuntime =
    runtime === undefined
      ? `hono_runtime_name=~"${chosen.runtime}"`
      : `hono_runtime_name="${runtime}"`
  const expr = `{service_name="${chosen.service}"} | ${ofRuntime}${filter}`
  return { title, url: exploreUrl(loki, { expr, queryType: 'range' }) }
}
