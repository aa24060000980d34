import { describe, expect, test } from 'vitest'
import { panelsJson, readLinks } from '../testing/dashboard-json.ts'
import { listExploreLinks, readExploreUrl, replaceInLink } from '../testing/list-queries.ts'
import { exploreUrl } from './explore-url.ts'
import { variable } from './variable.ts'

describe('a link to Explore', () => {
  test('arrives as the query it was made of, with values in the place of variables', () => {
    const url = exploreUrl(
      { type: 'tempo', uid: 'tempo' },
      {
        queryType: 'traceql',
        query: `{ name = "${variable('name:percentencode')}" && a =~ "${variable('list:pipe')}" }`,
      },
    )

    const replaced = replaceInLink(url, {
      name: 'GET /a b&c=d#e+%41',
      list: 'GET /x/:id|POST /x',
      __from: '1000',
      __to: '2000',
    })

    expect(readExploreUrl(replaced)).toEqual({
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

describe('the links of the panels to Explore', () => {
  const toExplore = listExploreLinks()
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
  const others = panelsJson.flatMap(readLinks).filter(({ url }) => !url.startsWith('/explore'))
  expect(others.length).toBeGreaterThan(0)
  for (const { url, title } of others) expect(url, title).toMatch(/^\/d\/[a-z-]+\?/)
})
