import { describe, expect, test } from 'vitest'
import { parseTracesJson } from '../../otlp/decode-json.ts'
import { recordedCases } from '../../stack-tests/collector/cases/recorded-cases.ts'
import { dashboardsJson, panelsJson } from './testing/dashboard-json.ts'
import { readExportedSeries } from './testing/exported-series.ts'
import { listQueries } from './testing/list-queries.ts'
import {
  findNodes,
  languages,
  listGroupedBy,
  listMatchers,
  parseQuery,
  type QueryNode,
} from './testing/parse-query.ts'

// The series, labels and attributes that queries may speak of are those that there are after the runtimes have sent
// what they send. What the queries of Prometheus answer is asked of it by `npm run test:lgtm`.

const exported = readExportedSeries()
const written = listQueries()
const of = (language: (typeof languages)[number]) =>
  written
    .filter((one) => one.language === language)
    .map(({ name, query }) => [name, query] as const)

describe('every language is written in', () => {
  test.each(languages)('%s, and docs/stack.md has examples of it', (language) => {
    const names = of(language).map(([name]) => name)
    expect(names.length).toBeGreaterThan(6)
    expect(names.filter((name) => name.startsWith('docs/')).length).toBeGreaterThan(2)
  })
})

describe('PromQL is well-formed and speaks of series and labels that there are', () => {
  test.each(of('PromQL'))('%s', (_, query) => {
    const parsed = parseQuery('PromQL', query)
    const selectors = findNodes(parsed, 'VectorSelector')
    expect(selectors.length).toBeGreaterThan(0)
    for (const selector of selectors) {
      const labels = [...listLabels(selector)]
      for (const { label } of listMatchers(selector)) expect(labels).toContain(label)
      for (const label of listGroupedBy(parsed)) expect([...labels, 'le']).toContain(label)
    }
  })
})

const sent = recordedCases
  .flatMap(({ steps }) => steps.flatMap(({ send }) => send))
  .flatMap((request) => parseTracesJson(JSON.stringify(request)))
const spans = sent.flatMap(({ scopes }) => scopes.flatMap(({ items }) => items))
const attributes = {
  resource: new Set(sent.flatMap(({ resource }) => resource.attributes.map(({ key }) => key))),
  span: new Set(spans.flatMap((span) => span.attributes.map(({ key }) => key))),
} as const

describe('LogQL is well-formed and speaks of labels and levels that there are', () => {
  // Loki writes an attribute's dots as `_`, and adds the rest.
  const labels = [...attributes.resource].map((key) => key.replaceAll('.', '_'))
  const known = [...labels, 'trace_id', 'span_id', 'detected_level']

  test.each(of('LogQL'))('%s', (_, query) => {
    const parsed = parseQuery('LogQL', query)
    const matchers = listMatchers(parsed)
    expect(matchers.length).toBeGreaterThan(0)
    for (const label of [...matchers.map((it) => it.label), ...listGroupedBy(parsed)])
      expect(known).toContain(label)
    for (const { label, value } of matchers)
      if (label === 'detected_level')
        for (const level of value.split('|'))
          expect(['debug', 'info', 'warn', 'error', 'fatal']).toContain(level)
  })
})

describe('TraceQL is well-formed and speaks of attributes that there are', () => {
  test.each(of('TraceQL'))('%s', (_, query) => {
    const fields = findNodes(parseQuery('TraceQL', query), 'AttributeField')
    expect(fields.length).toBeGreaterThan(0)
    for (const { text } of fields) {
      const [scope, ...key] = text.split('.')
      const known = scope === 'resource' || scope === 'span' ? attributes[scope] : []
      expect([...known], text).toContain(key.join('.'))
    }
  })
})

const panelQueries = panelsJson
  .filter(({ datasource }) => datasource?.uid === 'prometheus')
  .flatMap(({ name, type, targets = [] }) =>
    targets.map((target) => ({
      ...target,
      name: `${name} / ${target.refId}`,
      type,
      parsed: parseQuery('PromQL', target.expr),
    })),
  )
const selectorsOf = ({ parsed }: { readonly parsed: QueryNode }) =>
  findNodes(parsed, 'VectorSelector')

describe('every query of a panel', () => {
  test('looks at spans of one kind, of the chosen service and runtimes', () => {
    for (const query of panelQueries) {
      for (const selector of selectorsOf(query)) {
        expect(selector.text, query.name).toContain('service_name="$service"')
        expect(selector.text, query.name).toContain('hono_runtime_name=~"$runtime"')
        const kinds = selector.text.match(/\bspan_kind="SPAN_KIND_(SERVER|CLIENT)"/g)
        expect(kinds, query.name).toHaveLength(1)
      }
    }
  })

  test('compares with values that occur', () => {
    // Beside what occurred: patterns of statuses, and failures, of which the recorded traffic has none.
    const others = ['', '5..', '4..', 'STATUS_CODE_ERROR']
    for (const query of panelQueries) {
      for (const selector of selectorsOf(query)) {
        for (const { label, value } of listMatchers(selector)) {
          const values = [...(exported.get(nameOf(selector))?.get(label) ?? [])]
          if (!value.startsWith('$')) expect([...values, ...others], query.name).toContain(value)
        }
      }
    }
  })

  test('counts over the time shown for a number, over an interval for a line', () => {
    for (const { name, expr, instant } of panelQueries) {
      const windows = [...expr.matchAll(/\[(.*?)\]/g)].map(([, window]) => window)
      expect(windows.length, name).toBeGreaterThan(0)
      for (const window of windows)
        expect(window, name).toBe(instant === true ? '$__range' : '$__rate_interval')
    }
  })

  test('names its lines by labels that it groups by', () => {
    for (const { name, parsed, type, legendFormat = '' } of panelQueries) {
      const labels = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label)
      for (const label of labels) expect(listGroupedBy(parsed), name).toContain(label)
      if (type === 'timeseries') expect(legendFormat, name).not.toBe('')
    }
  })

  test('takes no ratio of calls and durations, which begin to count at different times', () => {
    for (const query of panelQueries) {
      const isOfDurations = selectorsOf(query).map((it) => nameOf(it).includes('_latency_'))
      expect(new Set(isOfDurations).size, query.name).toBe(1)
      if (query.exemplar === true) expect(isOfDurations, query.name).toContain(true)
    }
  })

  test('of Loki selects the chosen service and runtimes', () => {
    const logs = panelsJson.filter(({ datasource }) => datasource?.uid === 'loki')
    expect(logs.length).toBeGreaterThan(0)
    for (const { expr } of logs.flatMap(({ targets = [] }) => targets))
      expect(expr).toContain('{service_name="$service"} | hono_runtime_name=~"$runtime"')
  })
})

describe.each(dashboardsJson)('the variables of $title', ({ templating, panels }) => {
  test('are the service, its runtimes and its routes', () => {
    expect(templating.list.map(({ name }) => name)).toEqual(['service', 'runtime', 'route'])
  })

  test.each(templating.list)('$name asks for a label that server spans have', (variable) => {
    const [, selector = '', label = ''] =
      /^label_values\((.+), ([a-z_]+)\)$/.exec(variable.query) ?? []
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

/** The name of a selector's series. */
function nameOf({ children }: QueryNode): string {
  return children[0]?.text ?? ''
}

function listLabels(selector: QueryNode): Iterable<string> {
  return exported.get(nameOf(selector))?.keys() ?? []
}
