import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'

const panes = v.object({
  a: v.object({
    queries: v.tuple([v.object({ datasource: v.object({ type: v.string() }) })]),
  }),
})
const queryPanes = v.object({
  a: v.object({
    queries: v.tuple([
      v.union([
        v.pipe(
          v.object({ expr: v.string() }),
          v.transform(({ expr }) => expr),
        ),
        v.pipe(
          v.object({ query: v.string() }),
          v.transform(({ query }) => query),
        ),
      ]),
    ]),
  }),
})

/** Links of the dashboards that lead to Explore, by what they ask there, each URL once. */
export function readExploreLinks(folder: string): ReadonlyMap<string, readonly string[]> {
  const urls = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => [
      ...readFileSync(join(folder, name), 'utf8').matchAll(/"url":\s*("\/explore\?[^"]*")/g),
    ])
    .map(([, url = '""']) => v.parse(v.string(), JSON.parse(url)))
  return Map.groupBy(
    new Set(urls),
    (url) => v.parse(panes, readPanes(url)).a.queries[0].datasource.type,
  )
}

/** The query that such a link leads to, in LogQL or TraceQL. */
export function readLinkQuery(url: string): string {
  return v.parse(queryPanes, readPanes(url)).a.queries[0]
}

function readPanes(url: string): unknown {
  return JSON.parse(new URL(url, 'http://grafana').searchParams.get('panes') ?? '')
}

const variablePattern = /\$\{([^}:]+)(?::(percentencode|pipe))?\}/g

/** The names of the variables in a link. */
export function listLinkVariables(url: string): readonly string[] {
  return [...url.matchAll(variablePattern)].map(([, name = '']) => name)
}

/**
 * Replaces `${name:format}` as Grafana does in a link.
 *
 * @throws Error that names a variable that is not given.
 */
export function replaceInLink(url: string, values: Readonly<Record<string, string>>): string {
  return url.replaceAll(variablePattern, (text, name, format) => {
    const value = values[name]
    if (value === undefined) throw new Error(`${url}: expected to know ${text}`)
    return format === 'percentencode' ? encodeURIComponent(value) : value
  })
}
