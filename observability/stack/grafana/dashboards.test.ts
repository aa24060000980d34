import { describe, expect, test } from 'vitest'
import { testConfig } from '../../collector/testing/start-test-collector.ts'
import { dashboardsJson, type PanelJson, panelsJson, readLinks } from './testing/dashboard-json.ts'

/** Built for React; `graph`, `singlestat` and their like are gone. */
const panelTypes = ['timeseries', 'stat', 'table', 'heatmap', 'logs']

describe('every panel', () => {
  test('says what it shows, in which unit, and what it means when there is nothing', () => {
    for (const { name, type, title, description, fieldConfig } of panelsJson) {
      expect(panelTypes, name).toContain(type)
      expect(title, name).not.toBe('')
      expect(description, name).toMatch(/^[A-Z0-9].{20,}\.$/s)
      expect(fieldConfig?.defaults.unit, name).toMatch(/./)
      expect(fieldConfig?.defaults.noValue, name).toMatch(/^no /)
    }
  })

  test('asks one data source, and its queries the same', () => {
    for (const { name, datasource, targets = [] } of panelsJson) {
      expect(['prometheus', 'loki'], name).toContain(datasource?.uid)
      expect(targets.length, name).toBeGreaterThan(0)
      for (const target of targets) expect(target.datasource, name).toEqual(datasource)
      expect(new Set(targets.map(({ refId }) => refId)).size, name).toBe(targets.length)
    }
  })

  test('leads on from what it shows; log records do, by their data source', () => {
    for (const panel of panelsJson) {
      if (panel.type !== 'logs') expect(readLinks(panel).length, panel.name).toBeGreaterThan(0)
    }
  })
})

describe.each(dashboardsJson)('$title', ({ panels, refresh, links }) => {
  test('has a number for each of its panels', () => {
    const ids = panels.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.every((id) => id > 0)).toBe(true)
  })

  test('puts no panel over another or beyond the grid', () => {
    const taken = new Map<string, string>()
    for (const { title, gridPos } of panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24)
      for (const cell of cellsOf(gridPos)) {
        expect(taken.get(cell), `${title} at ${cell}`).toBeUndefined()
        taken.set(cell, title)
      }
    }
    expect(taken.size).toBeGreaterThan(24 * 20)
  })

  test('repeats a whole section only at its end, where nothing has to move', () => {
    const repeated = panels.findIndex(({ type, repeat }) => type === 'row' && repeat !== undefined)
    const after = repeated === -1 ? [] : panels.slice(repeated + 1)
    expect(after.filter(({ type }) => type === 'row')).toEqual([])
  })

  test('asks again as often as the collector reports', () => {
    const { flushIntervalMillis } = testConfig.spanMetrics
    expect(refresh).toBe(`${flushIntervalMillis / 1000}s`)
  })

  test('has links to the other dashboard and to documentation', () => {
    const urls = links.map(({ url }) => url)
    const others = dashboardsJson.filter((other) => other.panels !== panels)
    for (const { uid } of others) expect(urls).toContain(`/d/${uid}`)
    expect(urls.filter((url) => url.startsWith('https://')).length).toBeGreaterThan(0)
  })
})

test('no two dashboards share a uid or a title', () => {
  const of = (key: 'uid' | 'title') => new Set(dashboardsJson.map((dashboard) => dashboard[key]))
  expect(of('uid')).toEqual(new Set(['service-overview', 'runtimes-compared']))
  expect(of('title')).toEqual(new Set(['Service overview', 'Runtimes compared']))
})

function* cellsOf({ x, y, w, h }: PanelJson['gridPos']): Generator<string> {
  for (let column = x; column < x + w; column++) {
    for (let row = y; row < y + h; row++) yield `${column},${row}`
  }
}
