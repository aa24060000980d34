import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildGroup, buildLogRecord, buildSpan } from '../../collector/testing/build-telemetry.ts'
import { encodeLogsJson } from '../../otlp/encode-json.ts'
import { findViolations } from './testing/find-violations.ts'
import { type OpenBrowser, openBrowser } from './testing/open-browser.ts'
import { sendTelemetry, sendTraces, startViewer } from './testing/start-viewer.ts'
import { buildTraceAt, nanosAgo } from './testing/synthetic-traces.ts'

// Where there is nothing, it is said why, and what to do; and what was cleared comes back.

const resources = new AsyncDisposableStack()
let browser: OpenBrowser
beforeAll(async () => {
  browser = resources.use(await openBrowser())
})
afterAll(() => resources.disposeAsync())

const views = [
  '/',
  '/compare',
  '/traces',
  '/logs',
  '/?window=all',
  '/traces?sort=duration',
] as const
const said = async (page: Page) => {
  await page.locator('.empty').waitFor()
  return page.locator('.empty > h1, .empty > h2').allTextContents()
}

test.each(views)(
  '%s of an empty collector says what to do, and blames no condition',
  async (path) => {
    await using collector = await startViewer()
    const { page } = await browser.open(`${collector.url}${path}`)
    const what = path.startsWith('/traces')
      ? 'traces'
      : path === '/logs'
        ? 'log records'
        : 'requests'
    expect(await said(page)).toEqual([`No ${what} yet`])
    expect(await page.getByText('OTEL_EXPORTER_OTLP_ENDPOINT').count()).toBe(1)
    expect(await page.getByRole('link', { name: /Any time|Show all/ }).count()).toBe(0)
    await page.close()
  },
)

test('a condition, or a time, that leaves everything out is named, and taken back by a click', async () => {
  await using collector = await startViewer()
  await sendTelemetry(
    collector,
    [buildTraceAt(1, nanosAgo(7_200_000), 'old')],
    [buildGroup([buildLogRecord({ timeNanos: nanosAgo(7_200_000), body: 'old' })])],
  )
  for (const [path, title, link, shows] of [
    ['/', 'No requests in the last 15 min', 'Any time', 'table.operations'],
    ['/compare?window=5m', 'No requests in the last 5 min', 'Any time', '.choices'],
    ['/traces?window=1h', 'No traces in the last 1 h', 'Any time', '.row-link'],
    ['/traces?start=1&end=2', 'No traces between these times', 'Any time', '.row-link'],
    ['/traces?service=none', 'No traces match', 'Show all traces', '.row-link'],
    ['/traces?service=none&window=1h', 'No traces in the last 1 h match', 'Show all', '.row-link'],
    ['/logs?where=nothing', 'No log records match', 'Show all log records', '.log-row'],
  ] as const) {
    const { page } = await browser.open(`${collector.url}${path}`)
    expect(await said(page), path).toEqual([title])
    expect(await page.getByText(' yet').count(), path).toBe(0)
    await page.getByRole('link', { name: link }).click()
    await page.locator(shows).first().waitFor()
    await page.close()
  }
})

test('requests that are none by their kind are said to be stored, and where', async () => {
  await using collector = await startViewer()
  const job = buildSpan({ kind: 1, startNanos: nanosAgo(2_000), endNanos: nanosAgo(1_000) })
  await sendTelemetry(collector, [buildGroup([job])])
  const { page } = await browser.open(`${collector.url}/?window=all`)
  expect(await said(page)).toEqual(['No requests yet'])
  await page.getByText('1 trace came, without a span of kind server').waitFor()
  await page.getByRole('link', { name: 'Show all traces' }).click()
  await page.locator('.row-link').waitFor()
  await page.close()
})

test('cut off from the collector, a view says that it waits for it, and not that there is nothing', async () => {
  const collector = await startViewer()
  const { page } = await browser.open(`${collector.url}/traces`)
  await page.locator('.empty').waitFor()
  await page.waitForFunction(() =>
    performance.getEntriesByType('resource').some(({ name }) => name.includes('/runs-view-')),
  )
  await collector.close()
  await expect
    .poll(() => page.locator('.banners').textContent(), { timeout: 20_000 })
    .toContain('The collector has not answered since')
  await page.getByRole('link', { name: 'Logs', exact: true }).click()
  await page.getByText('This comes when the collector answers again.').waitFor()
  expect(await page.locator('.empty').count()).toBe(0)
  await page.close()
})

test('what is cleared is asked for first, gone on every page, and back by undo', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'clear-'))
  await using stack = new AsyncDisposableStack()
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const collector = stack.use(await startViewer({ runs: { folder, keepMax: 5, isFresh: false } }))
  await sendTraces(collector, 5)
  const { page, errors } = await browser.open(`${collector.url}/traces`)
  const other = await browser.open(`${collector.url}/traces`)
  const rows = (of: Page) => of.locator('.row-link').count()
  for (const one of [page, other.page]) await expect.poll(() => rows(one)).toBe(5)
  const question = page.getByRole('dialog', { name: 'Clear everything?' })

  await page.getByRole('button', { name: 'Clear…' }).click()
  await question.getByText('5 traces and 0 log records go').waitFor()
  expect(await findViolations(page)).toEqual([])
  // Enter is on the side of caution, and so is Escape.
  await page.keyboard.press('Enter')
  await expect.poll(() => question.count()).toBe(0)
  await page.getByRole('button', { name: 'Clear…' }).click()
  await question.waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => question.count()).toBe(0)
  expect(await rows(page)).toBe(5)

  await page.getByRole('button', { name: 'Clear…' }).click()
  await question.getByRole('button', { name: 'Clear' }).click()
  expect(await said(page)).toEqual(['No traces since everything was cleared'])
  await expect.poll(() => rows(other.page), { timeout: 10_000 }).toBe(0)
  await sendTelemetry(collector, [buildTraceAt(77, nanosAgo(0), 'since')])
  expect(await findViolations(page)).toEqual([])
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('Everything is back.').waitFor()
  for (const one of [page, other.page])
    await expect.poll(() => rows(one), { timeout: 10_000 }).toBe(6)
  expect(errors).toEqual([])
  await page.close()
  await other.page.close()
})

test('an undo that comes too late says so', async () => {
  await using collector = await startViewer()
  await sendTraces(collector, 2)
  const { page } = await browser.open(`${collector.url}/traces`)
  await page.locator('.row-link').first().waitFor()
  await page.getByRole('button', { name: 'Clear…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Clear' }).click()
  await page.getByRole('button', { name: 'Undo' }).waitFor()
  // Somebody else clears what came since.
  await fetch(`${collector.url}/api/traces`, { method: 'DELETE' })
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('It is not back: what was cleared is gone').waitFor()
  await page.close()
})

test('a run of earlier is not cleared, says that it has none, and lists no metrics as its own', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'clear-'))
  await using stack = new AsyncDisposableStack()
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const collector = stack.use(await startViewer({ runs: { folder, keepMax: 5, isFresh: false } }))
  await sendTraces(collector, 3)
  const body = encodeLogsJson([buildGroup([buildLogRecord({ timeNanos: nanosAgo(0) })])])
  const answer = await fetch(`${collector.url}/api/runs?name=logs.json`, { method: 'POST', body })
  const { id } = JSON.parse(await answer.text())
  const { page } = await browser.open(`${collector.url}/traces?run=${id}`)
  expect(await said(page)).toEqual(['This run has no traces'])
  expect(await page.getByRole('button', { name: 'Clear…' }).count()).toBe(0)
  await page.getByRole('link', { name: 'Metrics', exact: true }).click()
  await page.getByText('Runs keep no metrics. These are what services send now.').waitFor()
  await page.close()
})
