import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { dashboardsJson, panelsJson, readLinks } from './dashboard-json.ts'
import { type Language, languages } from './parse-query.ts'

/** A query, and where a person finds it. */
export type WrittenQuery = {
  readonly name: string
  readonly language: Language
  readonly query: string
}

const folder = join(import.meta.dirname, '..')

/** Every query that somebody wrote: of panels, variables, links, data sources and `docs/stack.md`. */
export function listQueries(): readonly WrittenQuery[] {
  return [
    ...listPanelQueries(),
    ...listVariableQueries(),
    ...listLinkQueries(),
    ...listProvisionedQueries(),
    ...listDocumentedQueries(),
  ]
}

function listPanelQueries(): readonly WrittenQuery[] {
  return panelsJson.flatMap(({ name, targets = [] }) =>
    targets.map(({ refId, expr, datasource }) => ({
      name: `${name} / ${refId}`,
      language: datasource.uid === 'loki' ? 'LogQL' : 'PromQL',
      query: expr,
    })),
  )
}

function listVariableQueries(): readonly WrittenQuery[] {
  return dashboardsJson.flatMap(({ title, templating }) =>
    templating.list.map(({ name, query }) => ({
      name: `${title} / $${name}`,
      language: 'PromQL',
      query: /^label_values\((.+), \w+\)$/.exec(query)?.[1] ?? query,
    })),
  )
}

function listLinkQueries(): readonly WrittenQuery[] {
  return listExploreLinks().map(({ name, pane }) => {
    const { expr, query } = pane.queries[0]
    return { name, language: expr === undefined ? 'TraceQL' : 'LogQL', query: expr ?? query }
  })
}

/** The queries of the links from a span; `$$` is how the file writes a dollar. */
function listProvisionedQueries(): readonly WrittenQuery[] {
  const { tracesToLogsV2, tracesToMetrics } = readTempoSettings()
  const fill = (query: string, tags: readonly { readonly value: string }[]) =>
    query
      .replaceAll(/\$(?:\{__tags\}|__tags)/g, tags.map(({ value }) => `${value}="x"`).join(', '))
      .replaceAll(variablePattern, 'x')
  return [
    {
      name: 'from a span to its log records',
      language: 'LogQL',
      query: fill(tracesToLogsV2.query, tracesToLogsV2.tags),
    },
    ...tracesToMetrics.queries.map(
      ({ name, query }): WrittenQuery => ({
        name: `from a span to ${name}`,
        language: 'PromQL',
        query: fill(query, tracesToMetrics.tags),
      }),
    ),
  ]
}

type Tag = { readonly key: string; readonly value: string }
type TempoSettings = {
  readonly tracesToLogsV2: { readonly query: string; readonly tags: readonly Tag[] }
  readonly tracesToMetrics: {
    readonly queries: readonly { readonly name: string; readonly query: string }[]
    readonly tags: readonly Tag[]
  }
}

/** What a span links to, as `provisioning/datasources.yaml` has it. */
export function readTempoSettings(): TempoSettings {
  const text = readFileSync(join(folder, 'provisioning', 'datasources.yaml'), 'utf8')
  const { datasources } = parse(text.replaceAll('$$', '$'))
  return datasources.find((it: { uid: string }) => it.uid === 'tempo').jsonData
}

/** The rows of each table whose second heading is a language. */
function listDocumentedQueries(): readonly WrittenQuery[] {
  const page = readFileSync(join(folder, '..', '..', '..', 'docs', 'stack.md'), 'utf8')
  return languages.flatMap((language) => {
    const table = new RegExp(`^\\| question \\| ${language} \\|\n((?:\\|.+\n)+)`, 'gm')
    return [...page.matchAll(table)].flatMap(([, rows = '']) =>
      [...rows.matchAll(/^\| (.+?) \| `(.+)` \|$/gm)].map(([, name, query = '']) => ({
        name: `docs/stack.md: ${name}`,
        language,
        query: query.replaceAll('\\|', '|'),
      })),
    )
  })
}

const variablePattern = /\$\{([^}:]+)(?::(\w+))?\}/g

/** A value for every variable that a link may speak of. */
const linkValues: Readonly<Record<string, string>> = {
  service: 'todo-api',
  runtime: 'node|bun',
  route: '.*',
  '__field.name': 'node',
  '__field.labels.hono_runtime_name': 'node',
  '__field.labels.span_name': 'GET /api/v1/todos/:id',
  '__field.labels.http_response_status_code': '503',
  '__field.labels.db_operation_name': 'SELECT',
  '__field.labels.detected_level': 'warn',
  '__data.fields.hono_runtime_name': 'node',
  '__data.fields.span_name': 'GET /api/v1/todos/:id',
  '__data.fields.db_operation_name': 'SELECT',
  '__data.fields[0]': 'GET /api/v1/todos/:id',
  '__value.raw': '0.0125',
  __from: '1000',
  __to: '2000',
}

/**
 * Puts values in the place of variables as Grafana does in a link: encoded where the link asks for it.
 *
 * @throws Error that names a variable for which there is no value.
 */
export function replaceInLink(url: string, values = linkValues): string {
  return url.replaceAll(variablePattern, (text, name, format) => {
    const value = values[name]
    if (value === undefined) throw new Error(`${url}: expected a known variable, got ${text}`)
    return format === 'percentencode' ? encodeURIComponent(value) : value
  })
}

/** What Explore reads of a URL. */
export function readExploreUrl(url: string) {
  const { pathname, searchParams } = new URL(url, 'http://grafana.example')
  const panes = JSON.parse(searchParams.get('panes') ?? '')
  return { pathname, schemaVersion: searchParams.get('schemaVersion'), pane: panes.a }
}

/** The links of all panels to Explore, after a click. */
export function listExploreLinks() {
  return panelsJson.flatMap((panel) =>
    readLinks(panel)
      .filter(({ url }) => url.startsWith('/explore'))
      .map(({ title, url }) => ({
        name: `${panel.name} / ${title}`,
        pane: readExploreUrl(replaceInLink(url)).pane,
      })),
  )
}
