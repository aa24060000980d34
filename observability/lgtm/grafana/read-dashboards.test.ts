import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readDashboards } from './read-dashboards.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lgtm-dashboards-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const datasource = { type: 'prometheus', uid: 'prometheus' }
const panel = (title: string, more: object = {}) => ({
  type: 'timeseries',
  title,
  datasource,
  targets: [{ refId: 'A', expr: title }],
  ...more,
})
const row = (more: object = {}) => ({ type: 'row', ...more })

test('a panel is repeated for its own variable, that of its row, or that of the row above it', () => {
  write({
    panels: [
      panel('alone'),
      panel('itself', { repeat: 'runtime' }),
      row({ repeat: 'route' }),
      panel('below'),
      row({ repeat: 'runtime', panels: [panel('within')] }),
      row(),
      panel('after'),
    ],
  })

  const [dashboard] = readDashboards(folder)

  expect(dashboard?.rangeMillis).toBe(1_800_000)
  expect(dashboard?.queries.map(({ name, repeat }) => [name, repeat])).toEqual([
    ['D › alone › A', undefined],
    ['D › itself › A', 'runtime'],
    ['D › below › A', 'route'],
    ['D › within › A', 'runtime'],
    ['D › after › A', undefined],
  ])
})

test.each([
  ['a query of no known form', { panels: [panel('x', { targets: [{ refId: 'A' }] })] }, /expr/],
  ['annotations', { annotations: { list: [{}] } }, /annotations\.list/],
  [
    'a variable that is no query',
    { templating: { list: [{ type: 'custom', name: 'x', query: 'a,b', datasource }] } },
    /templating\.list\.0\.type/,
  ],
])('%s is refused, by file and place', (_, more, message) => {
  write(more)

  expect(() => readDashboards(folder)).toThrow(message)
  expect(() => readDashboards(folder)).toThrow(/^d\.json: /)
})

function write(more: object): void {
  const dashboard = {
    title: 'D',
    time: { from: 'now-30m', to: 'now' },
    panels: [],
    templating: { list: [] },
    annotations: { list: [] },
    ...more,
  }
  writeFileSync(join(folder, 'd.json'), JSON.stringify(dashboard))
}
