import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { repositoryFolder } from '../collector-parity/collector-binary.ts'
import { queryRecords, queryTotals } from './ask-loki.ts'
import { queryAt } from './ask-prometheus.ts'
import { checkExemplars } from './check-exemplars.ts'
import { askAtEnd, checkQuery } from './check-query.ts'
import { followLinks } from './check-trace-links.ts'
import { readVariable } from './check-variable.ts'
import { databaseNumbers } from './expected/database-numbers.ts'
import { requestNumbers } from './expected/request-numbers.ts'
import { type Choice, interpolate, rateIntervalMillis, type View } from './grafana/interpolate.ts'
import { linkValues } from './grafana/link-values.ts'
import { type PanelQuery, readDashboards } from './grafana/read-dashboards.ts'
import { readDataSources } from './grafana/read-data-sources.ts'
import {
  listLinkVariables,
  readExploreLinks,
  readLinkQuery,
  replaceInLink,
} from './grafana/read-explore-links.ts'
import { selectRecords } from './logql/count-records.ts'
import { parseLogql } from './logql/parse-logql.ts'
import { findMismatches } from './promql/find-mismatches.ts'
import { readDocumentedQueries } from './read-documented-queries.ts'
import { renderSceneReport } from './render-scene-report.ts'
import { playScene, type Scene } from './scene.ts'
import { selectSpans } from './traceql/select-spans.ts'

const grafanaFolder = join(import.meta.dirname, '..', 'grafana')
const dashboardFolder = join(grafanaFolder, 'dashboards')
const dashboards = readDashboards(dashboardFolder)
const dataSources = readDataSources(join(grafanaFolder, 'provisioning', 'datasources.yaml'))
const exploreLinks = readExploreLinks(dashboardFolder)
const expectedNumbers = { ...requestNumbers, ...databaseNumbers }

const scrapeMillis = dataSources.scrapeSeconds * 1000
/** The last twelve hours on a panel of some 400 points: every window is longer than the scene. */
const twelveHours = { rangeMillis: 12 * 3_600_000, intervalMillis: 120_000, scrapeMillis }

const said = { queries: 0, withData: 0, mismatches: 0, exemplars: 0, lookedUp: 0 }
let scene: Scene
beforeAll(async () => {
  scene = await playScene()
  return async () => {
    const searchesNotSent = exploreLinks.get('tempo')?.length ?? 0
    process.stdout.write(await renderSceneReport(scene, { ...said, searchesNotSent }))
    await scene[Symbol.asyncDispose]()
  }
})

type Choices = ReadonlyMap<string, Choice>
const everything: Choices = new Map<string, Choice>([
  ['service', ['todo-api']],
  ['runtime', 'all'],
  ['route', 'all'],
])
const someRoutes = ['GET /api/v1/todos/:id', 'POST /api/v1/todos', 'GET']
const choose = (...choices: readonly (readonly [string, Choice])[]): Choices =>
  new Map([...everything, ...choices])

/** Everything first; then each runtime alone, and some of both. A repeated panel has one value at a time. */
function listChoices({ repeat }: PanelQuery): readonly Choices[] {
  const runtimes = scene.runtimes.map((it) => choose(['runtime', [it]]))
  if (repeat === 'runtime') return runtimes
  if (repeat === 'route') return someRoutes.map((it) => choose(['route', [it]]))
  expect(repeat).toBeUndefined()
  const some = choose(['runtime', scene.runtimes.slice(1, 3)], ['route', someRoutes])
  return [everything, ...runtimes, some]
}

const named = <T extends { readonly name: string }>(items: readonly T[]) =>
  items.map((it) => [it.name, it] as const)

describe.each(dashboards)('$title', ({ variables, queries, rangeMillis }) => {
  const render = (text: string, choices: Choices, time = twelveHours) => {
    const view: View = { ...time, choices }
    return { view, expr: interpolate(text, variables, view) }
  }

  test.each(named(variables))('the variable %s offers what there is', async (_, variable) => {
    const { expr } = render(variable.query, everything)
    const { offered, expected } = await readVariable(scene, variable, expr)

    expect(offered).not.toEqual([])
    expect(offered).toEqual(expected)
  })

  test.each(named(queries))('%s', async (_, query) => {
    for (const [index, choices] of listChoices(query).entries()) {
      const { view, expr } = render(query.expr, choices)
      const { hasData, isExpected, mismatches } = await checkQuery(scene, query, expr, view)
      said.queries += 1
      said.withData += hasData ? 1 : 0
      said.mismatches += mismatches.length
      expect(mismatches, expr).toEqual([])
      expect(hasData, expr).toBe(isExpected)
      if (index === 0) expect(hasData, expr).toBe(true)
    }
  })

  const metrics = queries.filter(({ datasource }) => datasource === 'prometheus')

  test.each(named(metrics))('%s: there is data when it is opened', async (_, query) => {
    const asOpened = { rangeMillis, intervalMillis: scrapeMillis, scrapeMillis }
    for (const choices of listChoices(query).slice(0, 1)) {
      const { view, expr } = render(query.expr, choices, asOpened)
      const { prometheusUrl } = scene.lgtm
      const values = await askAtEnd(prometheusUrl, query.isInstant, expr, scene.lastMillis, view)
      said.queries += 1
      said.withData += values.length > 0 ? 1 : 0
      expect(values.length, expr).toBeGreaterThan(0)
    }
  })

  test.each(named(metrics))('%s: it says what was driven', async (name, query) => {
    const { view, expr } = render(query.expr, everything)
    const { agreement, calculate } = expectedNumbers[name] ?? {}
    const windows = {
      rateSeconds: rateIntervalMillis(view) / 1000,
      rangeSeconds: view.rangeMillis / 1000,
    }
    const numbers = calculate?.({ ...scene, ...windows }) ?? []

    const { prometheusUrl } = scene.lgtm
    const values = await askAtEnd(prometheusUrl, query.isInstant, expr, scene.lastMillis, view)
    const mismatches = findMismatches(numbers, values, agreement ?? 'exact')
    said.queries += 1
    said.withData += values.length > 0 ? 1 : 0
    said.mismatches += mismatches.length

    expect(numbers).not.toEqual([])
    expect(mismatches, expr).toEqual([])
  })

  const withExemplars = queries.filter((it) => it.wantsExemplars)

  test.each(named(withExemplars))('%s: its exemplars lead to traces', async (_, query) => {
    const [choices = everything] = listChoices(query)
    const { expr } = render(query.expr, choices)
    const { count, traces, mismatches } = await checkExemplars(scene, expr)
    said.exemplars += count
    said.lookedUp += traces

    expect(mismatches).toEqual([])
    expect(count).toBeGreaterThan(0)
  })
})

test('every panel whose numbers are expected is there, and no two queries share a name', () => {
  const names = dashboards.flatMap(({ queries }) => queries.map(({ name }) => name))
  expect(Object.keys(expectedNumbers).filter((name) => !names.includes(name))).toEqual([])
  expect(new Set(names).size).toBe(names.length)
})

describe('a link of a dashboard to log records', () => {
  const links = exploreLinks.get('loki') ?? []

  test.each(links.map((it) => [readLinkQuery(it), it] as const))('%s', async (_, url) => {
    for (const runtime of scene.runtimes) {
      for (const level of ['info', 'warn', 'error']) {
        const clicked = linkValues({ hono_runtime_name: runtime, detected_level: level })
        const link = replaceInLink(url, { ...clicked, runtime: scene.runtimes.join('|') })
        const expr = readLinkQuery(link)
        const range = { startMillis: scene.firstMillis - 60_000, endMillis: scene.lastMillis }
        const found = await queryRecords(scene.lgtm.lokiUrl, expr, range, 5000)
        expect(found.length, expr).toBeGreaterThan(0)
        expect(found.length, expr).toBe(selectRecords(parseLogql(expr), scene.logs).length)
      }
    }
  })
})

describe('a link of a dashboard to a search in Tempo speaks of what spans have', () => {
  const links = exploreLinks.get('tempo') ?? []

  test.each(links.map((it) => [readLinkQuery(it), it] as const))('%s', (_, url) => {
    const needed = listLinkVariables(url)
    for (const runtime of scene.runtimes) {
      const own = scene.series
        .filter(({ labels }) => labels.hono_runtime_name === runtime)
        .map(({ labels }) => ({ ...linkValues(labels), runtime }))
        // Only a series that has what the link says can be clicked on.
        .filter((values) => needed.every((name) => name in values))
      const found = own.flatMap((values) =>
        selectSpans(readLinkQuery(replaceInLink(url, values)), scene.spans),
      )
      expect(found.length, runtime).toBeGreaterThan(0)
    }
  })
})

describe('a span leads to its log records, its trace and its series', () => {
  test.each([200, 201, 204, 400, 404, 503])('of an answer of %i', async (status) => {
    expect(dataSources.exemplar).toEqual({ label: 'trace_id', datasource: 'tempo' })
    expect(dataSources.derivedField).toEqual({ label: 'trace_id', datasource: 'tempo' })
    for (const runtime of scene.runtimes) {
      const request = scene.driven.find(
        (it) => it.runtime === runtime && it.status === status && it.route !== undefined,
      )
      const spans = scene.spans.filter(({ span }) => span.traceId === request?.traceId)
      expect(spans, runtime).not.toEqual([])
      for (const span of spans) {
        const links = await followLinks(scene, dataSources, span)
        expect(links, `${runtime}: ${links.name}`).toMatchObject({
          records: 1,
          recordsSent: 1,
          tracesOfRecords: [request?.traceId],
          isStored: true,
          silentQueries: [],
        })
      }
    }
  })
})

describe('a query of docs/stack.md is answered', () => {
  const page = readFileSync(join(repositoryFolder, 'docs', 'stack.md'), 'utf8')
  const list = (language: string) =>
    readDocumentedQueries(page, language).map((it) => [it.question, it.query] as const)

  test.each(list('PromQL'))('%s', async (_, query) => {
    const values = await queryAt(scene.lgtm.prometheusUrl, query, scene.lastMillis)
    expect(values.filter(({ value }) => value > 0)).not.toEqual([])
  })

  test.each(list('LogQL'))('%s', async (_, query) => {
    const [request] = scene.driven
    const expr = query.replace(/(?<=trace_id=")\w+/, request?.traceId ?? '')
    const range = { startMillis: scene.firstMillis - 60_000, endMillis: Date.now() }
    const { lokiUrl } = scene.lgtm
    const found = query.startsWith('{')
      ? await queryRecords(lokiUrl, expr, range, 10)
      : await queryTotals(lokiUrl, expr, range, 60_000)
    expect(found).not.toEqual([])
  })
})
