import { describe, expect, test } from 'vitest'
import { panelsJson, readLinks } from '../testing/dashboard-json.ts'
import { exploreUrl } from './explore-url.ts'
import { variable } from './variable.ts'

/** As Grafana does: a value takes the variable's place, encoded where the link asks for it. */
function replaceVariables(url: string, values: Readonly<Record<string, string>>): string {
  return url.replaceAll(/\$\{([^}:]+)(?::(\w+))?\}/g, (_, name, format) => {
    const value = values[name]
    if (value === undefined) throw new Error(`no value for ${name}`)
    return format === 'percentencode' ? encodeURIComponent(value) : value
  })
}

/** What Explore reads of a URL. */
function readPane(url: string) {
  const { pathname, searchParams } = new URL(url, 'http://grafana.example')
  const panes = JSON.parse(searchParams.get('panes') ?? '')
  return { pathname, schemaVersion: searchParams.get('schemaVersion'), pane: panes.a }
}

describe('a link to Explore', () => {
  test('arrives as the query it was made of, with values in the place of variables', () => {
    const url = exploreUrl(
      { type: 'tempo', uid: 'tempo' },
      {
        queryType: 'traceql',
        query: `{ name = "${variable('name:percentencode')}" && a =~ "${variable('list:pipe')}" }`,
      },
    )

    const replaced = replaceVariables(url, {
      name: 'GET /a b&c=d#e+%41',
      list: 'GET /x/:id|POST /x',
      __from: '1000',
      __to: '2000',
    })

    expect(readPane(replaced)).toEqual({
      pathname: '/explore',
      schemaVersion: '1',
      pane: {
        datasource: 'tempo',
        queries: [
          {
            refId: 'A',
            datasource: { type: 'tempo', uid: 'tempo' },
            queryType: 'traceql',
            query: '{ name = "GET /a b&c=d#e+%41" && a =~ "GET /x/:id|POST /x" }',
          },
        ],
        range: { from: '1000', to: '2000' },
      },
    })
  })
})

const links = panelsJson.flatMap((panel) =>
  readLinks(panel).map(({ title, url }) => ({ name: `${panel.name} / ${title}`, url })),
)

/** Every variable that links speak of; another one would throw. */
const values = {
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

describe('the links of the panels to Explore', () => {
  const toExplore = links
    .filter(({ url }) => url.startsWith('/explore'))
    .map(({ name, url }) => ({ name, pane: readPane(replaceVariables(url, values)).pane }))
  const to = (uid: string) => toExplore.filter(({ pane }) => pane.datasource === uid)

  test('lead to Tempo or Loki, over the time shown, with no variable left', () => {
    expect(to('tempo').length + to('loki').length).toBe(toExplore.length)
    for (const { name, pane } of toExplore) {
      expect(pane.range, name).toEqual({ from: '1000', to: '2000' })
      expect(JSON.stringify(pane), name).not.toContain('$')
    }
  })

  test('ask Tempo for spans of one kind of the service on the runtimes', () => {
    expect(to('tempo').length).toBeGreaterThan(20)
    for (const { name, pane } of to('tempo')) {
      const [{ query, queryType }] = pane.queries
      expect(queryType, name).toBe('traceql')
      expect(query, name).toMatch(
        /^\{ resource\.service\.name = "todo-api" && resource\.hono\.runtime\.name =~? "node(\|bun)?" && kind = (server|client) && .+ \}$/,
      )
    }
  })

  test('ask Loki for log records of the service on the runtimes', () => {
    expect(to('loki').length).toBeGreaterThan(3)
    for (const { name, pane } of to('loki')) {
      const [{ expr }] = pane.queries
      expect(expr, name).toMatch(
        /^\{service_name="todo-api"\} \| hono_runtime_name=~?"node(\|bun)?"( \| detected_level=.*)?$/,
      )
    }
  })
})

test('other links of the panels stay within Grafana', () => {
  const others = links.filter(({ url }) => !url.startsWith('/explore'))
  expect(others.length).toBeGreaterThan(0)
  for (const { url, name } of others) expect(url, name).toMatch(/^\/d\/todo-[a-z-]+\?/)
})
