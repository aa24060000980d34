import { describe, expect, test } from 'vitest'
import { dashboardsJson, panelsJson } from './testing/dashboard-json.ts'
import { readExportedSeries } from './testing/exported-series.ts'
import { type ParsedQuery, parsePromql } from './testing/parse-promql.ts'

// The series and labels that queries may speak of are those that the embedded collector has, after it was sent what
// the runtimes send. What the queries answer is asked of Prometheus and Loki by `npm run test:lgtm`.

const exported = readExportedSeries()

const queries = panelsJson.flatMap(({ name, type, targets = [] }) =>
  targets.map((target) => ({ ...target, name: `${name} / ${target.refId}`, type })),
)
const logql = queries.filter(({ datasource }) => datasource.uid === 'loki')
const promql = queries
  .filter(({ datasource }) => datasource.uid === 'prometheus')
  .map((query) => ({ ...query, parsed: parsePromql(query.expr) }))

function expectKnown({ selectors, groupedBy }: ParsedQuery, name: string): void {
  expect(selectors.length, name).toBeGreaterThan(0)
  for (const { series, matchers } of selectors) {
    const labels = [...(exported.get(series)?.keys() ?? [])]
    const used = [...matchers.map(({ label }) => label), ...groupedBy]
    for (const label of used) {
      if (label !== 'le') expect(labels, `${name}: ${series}`).toContain(label)
    }
  }
}

describe('every query of Prometheus', () => {
  test('is looked at below, and there are many', () => {
    expect(promql.length).toBeGreaterThan(40)
  })

  test('speaks of series and labels that there are', () => {
    for (const { name, parsed } of promql) expectKnown(parsed, name)
  })

  test('looks at spans of one kind, of the chosen service and runtimes', () => {
    for (const { name, parsed } of promql) {
      for (const { matchers } of parsed.selectors) {
        const texts = matchers.map(({ label, value }) => `${label} ${value}`)
        expect(texts, name).toContain('service_name $service')
        expect(texts, name).toContain('hono_runtime_name $runtime')
        const kinds = texts.filter((text) => /^span_kind SPAN_KIND_(SERVER|CLIENT)$/.test(text))
        expect(kinds, name).toHaveLength(1)
      }
    }
  })

  test('compares with values that occur', () => {
    // Beside what occurred: patterns of statuses, and failures, of which the recorded traffic has none.
    const others = ['', '5..', '4..', 'STATUS_CODE_ERROR']
    for (const { name, parsed } of promql) {
      for (const { series, matchers } of parsed.selectors) {
        for (const { label, value } of matchers) {
          const values = [...(exported.get(series)?.get(label) ?? [])]
          if (!value.startsWith('$')) expect([...values, ...others], name).toContain(value)
        }
      }
    }
  })

  test('counts over the time shown for a number, over an interval for a line', () => {
    for (const { name, parsed, instant } of promql) {
      const window = instant === true ? '$__range' : '$__rate_interval'
      for (const { range } of parsed.selectors) expect(range, name).toBe(window)
    }
  })

  test('names its lines by labels that it groups by', () => {
    for (const { name, parsed, type, legendFormat = '' } of promql) {
      const labels = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label)
      for (const label of labels) expect(parsed.groupedBy, name).toContain(label)
      if (type === 'timeseries') expect(legendFormat, name).not.toBe('')
    }
  })

  test('takes no ratio of calls and durations, which begin to count at different times', () => {
    for (const { name, parsed, exemplar } of promql) {
      const isOfDurations = parsed.selectors.map(({ series }) => series.includes('_latency_'))
      expect(new Set(isOfDurations).size, name).toBe(1)
      if (exemplar === true) expect(isOfDurations, name).toContain(true)
    }
  })
})

test('every query of Loki selects the chosen service and runtimes, and is closed', () => {
  expect(logql.length).toBeGreaterThan(0)
  for (const { name, expr } of logql) {
    expect(expr, name).toContain('{service_name="$service"} | hono_runtime_name=~"$runtime"')
    for (const [open, close] of ['()', '{}', '[]'].map((pair) => [...pair])) {
      expect(expr.split(open ?? '').length, name).toBe(expr.split(close ?? '').length)
    }
  }
})

describe.each(dashboardsJson)('the variables of $title', ({ templating, panels }) => {
  test('are the service, its runtimes and its routes', () => {
    expect(templating.list.map(({ name }) => name)).toEqual(['service', 'runtime', 'route'])
  })

  test.each(templating.list)('$name asks for a label that server spans have', (variable) => {
    const [, selector = '', label = ''] =
      /^label_values\((.+), ([a-z_]+)\)$/.exec(variable.query) ?? []
    const parsed = parsePromql(selector)
    expectKnown(parsed, variable.name)
    expect(exported.get('traces_spanmetrics_calls_total')?.get(label)?.size).toBeGreaterThan(0)
    expect(selector).toContain('span_kind="SPAN_KIND_SERVER"')
    expect(variable.datasource.uid).toBe('prometheus')
  })

  test('leave nothing out when All is chosen, not even what has no such label', () => {
    const lists = templating.list.filter(({ includeAll }) => includeAll)
    expect(lists.map(({ name }) => name)).toEqual(['runtime', 'route'])
    for (const { allValue } of lists) expect(allValue).toBe('.*')
  })

  test('are all that its queries and repetitions speak of', () => {
    const known = [
      ...templating.list.map(({ name }) => name),
      '__rate_interval',
      '__range',
      '__auto',
    ]
    const texts = panels.flatMap(({ title, repeat, targets = [] }) => [
      title,
      ...(repeat === undefined ? [] : [`$${repeat}`]),
      ...targets.map(({ expr }) => expr),
    ])
    const used = texts.flatMap((text) => [...text.matchAll(/\$(\w+)/g)].map(([, name]) => name))
    expect(used.length).toBeGreaterThan(10)
    for (const name of used) expect(known).toContain(name)
  })
})
