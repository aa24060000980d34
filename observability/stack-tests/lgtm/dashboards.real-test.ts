import { beforeAll, describe, expect, test } from 'vitest'
import { testConfig } from '../../collector/testing/start-test-collector.ts'
import { readAttribute } from '../../otlp/model.ts'
import { dashboardsJson } from '../../stack/grafana/testing/dashboard-json.ts'
import { listQueries, readTempoSettings } from '../../stack/grafana/testing/list-queries.ts'
import { databaseNumbers } from './expected/database-numbers.ts'
import type { Facts } from './expected/expected-numbers.ts'
import { nameSpan, requestNumbers } from './expected/request-numbers.ts'
import { type Choice, fillVariables, rateIntervalMillis, type View } from './fill-variables.ts'
import { findMismatches, type Vector } from './find-mismatches.ts'
import { listPanelQueries, type PanelQuery } from './panel-queries.ts'
import { queryAt, queryEndOfRange, queryExemplars, queryLabelValues } from './query-prometheus.ts'
import type { SpanOfResource } from './read-spans.ts'
import { playScene, type Scene } from './scene.ts'

const expectedNumbers = { ...requestNumbers, ...databaseNumbers }
const queries = listPanelQueries()
const scrapeMillis = testConfig.spanMetrics.flushIntervalMillis
/** The last twelve hours on a panel of some 400 points: every window is longer than the scene. */
const everything: View = {
  runtime: 'all',
  route: 'all',
  rangeMillis: 12 * 3_600_000,
  intervalMillis: 120_000,
  scrapeMillis,
}

let scene: Scene
beforeAll(async () => {
  scene = await playScene()
  return () => scene[Symbol.asyncDispose]()
})

test('every number is of a panel, every panel has its numbers, and the windows hold all of the scene', () => {
  expect(queries.map(({ name }) => name).sort()).toEqual(Object.keys(expectedNumbers).sort())
  expect(scene.lastMillis - scene.firstMillis).toBeLessThan(rateIntervalMillis(everything))
})

const someRoutes = ['GET /api/v1/todos/:id', 'POST /api/v1/todos', 'GET']

/** Everything first; then each runtime alone, and some of both. A repeated panel has one value at a time. */
function listViews({ repeat }: PanelQuery): readonly [View, ...View[]] {
  const some = scene.runtimes.slice(1, 3)
  const runtimes = scene.runtimes.map((it): View => ({ ...everything, runtime: [it] }))
  const routes = someRoutes.map((it): View => ({ ...everything, route: [it] }))
  const mixed = { ...everything, runtime: some, route: someRoutes }
  const [first = everything, ...others] = repeat === 'route' ? routes : runtimes
  return repeat === undefined ? [everything, first, ...others, mixed] : [first, ...others]
}

/** What is known of what is chosen. */
function selectFacts(view: View): Facts {
  const isChosen = (choice: Choice, value: string) => choice === 'all' || choice.includes(value)
  return {
    requests: scene.requests.filter(
      (it) => isChosen(view.runtime, it.runtime) && isChosen(view.route, nameSpan(it)),
    ),
    spans: scene.spans.filter(({ resource }) =>
      isChosen(view.runtime, String(readAttribute(resource, 'hono.runtime.name'))),
    ),
    rateSeconds: rateIntervalMillis(view) / 1000,
    rangeSeconds: view.rangeMillis / 1000,
  }
}

/** At the moment of a report: later, Prometheus would guess what came since. */
async function askPanel({ expr, isInstant }: PanelQuery, view: View): Promise<Vector> {
  const filled = fillVariables(expr, view)
  const { prometheusUrl, lastMillis: endMillis } = scene
  if (isInstant) return queryAt(prometheusUrl, filled, endMillis)
  const { rangeMillis, intervalMillis: stepMillis } = view
  const startMillis = endMillis - Math.floor(rangeMillis / stepMillis) * stepMillis
  return queryEndOfRange(prometheusUrl, filled, { startMillis, endMillis, stepMillis })
}

const named = (items: readonly PanelQuery[]) => items.map((it) => [it.name, it] as const)

describe('a panel says what its title says of what was driven, whatever is chosen', () => {
  test.each(named(queries))('%s', async (name, query) => {
    const { agreement = 'exact', calculate } = expectedNumbers[name] ?? {}
    for (const [index, view] of listViews(query).entries()) {
      const expected = calculate?.(selectFacts(view)) ?? []
      const actual = await askPanel(query, view)
      const chosen = JSON.stringify({ runtime: view.runtime, route: view.route })
      expect(findMismatches(expected, actual, agreement), chosen).toEqual([])
      if (index === 0) expect(expected).not.toEqual([])
    }
  })
})

describe('a panel shows something when its dashboard is opened', () => {
  test.each(named(queries))('%s', async (_, query) => {
    const [first] = listViews(query)
    const { rangeMillis } = query
    const asOpened = { ...first, rangeMillis, intervalMillis: scrapeMillis }
    expect(await askPanel(query, asOpened)).not.toEqual([])
  })
})

describe('exemplars are requests that were driven', () => {
  test.each(named(queries.filter((it) => it.wantsExemplars)))('%s', async (_, query) => {
    const [view] = listViews(query)
    const range = { startMillis: scene.firstMillis, endMillis: Date.now() }
    const expr = fillVariables(query.expr, view)
    const exemplars = await queryExemplars(scene.prometheusUrl, expr, range)
    const spans = new Map(scene.spans.map(({ span }) => [span.spanId, span]))
    expect(exemplars.length).toBeGreaterThan(0)
    for (const { traceId, spanId, value } of exemplars) {
      const span = spans.get(spanId)
      expect(span?.traceId, spanId).toBe(traceId)
      const seconds = Number((span?.endNanos ?? 0n) - (span?.startNanos ?? 0n)) / 1e9
      expect(value, spanId).toBeCloseTo(seconds, 9)
    }
  })
})

describe.each(dashboardsJson)('the variables of $title', ({ templating }) => {
  test.each(templating.list)('$name offers what there is', async ({ name, query }) => {
    const [, selector = '', label = ''] = /^label_values\((.+), (\w+)\)$/.exec(query) ?? []
    const { prometheusUrl, firstMillis: startMillis, lastMillis: endMillis } = scene
    const range = { startMillis, endMillis }
    const filled = fillVariables(selector, everything)
    const offered = await queryLabelValues(prometheusUrl, label, filled, range)
    const expected: Readonly<Record<string, readonly string[]>> = {
      service: ['todo-api'],
      runtime: scene.runtimes,
      route: scene.requests.map(nameSpan),
    }
    expect(new Set(offered)).toEqual(new Set(expected[name]))
  })
})

describe('a span leads to the series of its kind', () => {
  const { queries: links, tags } = readTempoSettings().tracesToMetrics
  const fill = (query: string, { span, resource }: SpanOfResource) => {
    const matchers = tags.flatMap(({ key, value: label }) => {
      const value = readAttribute(resource, key) ?? readAttribute(span.attributes, key)
      return value === undefined ? [] : [`${label}="${value}"`]
    })
    return query.replaceAll('$__tags', matchers.join(', '))
  }

  test.each(links)('$name', async ({ query }) => {
    for (const runtime of scene.runtimes) {
      for (const status of [200, 503]) {
        const request = scene.requests.find(
          (it) => it.runtime === runtime && it.status === status && it.route !== '/ready',
        )
        const own = scene.spans.filter(({ span }) => span.traceId === request?.traceId)
        expect(own.length, `${runtime}, ${status}`).toBeGreaterThan(1)
        for (const one of own) {
          const said = await queryAt(scene.prometheusUrl, fill(query, one), scene.lastMillis)
          const names = said.filter(({ value }) => Number.isFinite(value))
          expect(names.map(({ labels }) => labels.span_name)).toContain(one.span.name)
        }
      }
    }
  })
})

describe('a query of docs/stack.md is answered', () => {
  const documented = listQueries().filter(
    ({ name, language }) => language === 'PromQL' && name.startsWith('docs/'),
  )

  test.each(documented)('$name', async ({ query }) => {
    const values = await queryAt(scene.prometheusUrl, query, scene.lastMillis)
    expect(values.filter(({ value }) => value > 0)).not.toEqual([])
  })
})
