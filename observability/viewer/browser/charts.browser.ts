import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  buildAttributes,
  buildGroup,
  buildSpan,
  spanIdOf,
  traceIdOf,
} from '../../collector/testing/build-telemetry.ts'
import { type OpenBrowser, openBrowser } from './testing/open-browser.ts'
import { sendTelemetry, startViewer } from './testing/start-viewer.ts'

const resources = new AsyncDisposableStack()
let browser: OpenBrowser
beforeAll(async () => {
  browser = resources.use(await openBrowser())
})
afterAll(() => resources.disposeAsync())

let next = 0
const request = (name: string, startNanos: bigint, endNanos: bigint) => {
  next += 1
  const attributes = buildAttributes({ 'http.response.status_code': 200n })
  const ids = { traceId: traceIdOf(next), spanId: spanIdOf(next) }
  return buildSpan({ ...ids, name, kind: 2, startNanos, endNanos, attributes })
}
const after = (startNanos: bigint, millis: number) => startNanos + BigInt(millis * 1e6)

/** Some five minutes ago, where one point of a chart of an hour ends and the next begins. */
const pointMillis = 120_000
const middleMillis = Math.floor((Date.now() - 300_000) / pointMillis) * pointMillis
const middlePlus = (millis: number) => BigInt(middleMillis + millis) * 1_000_000n

/** Over 100 s, and half of them for each of two points: 101 quick requests and 3 slow ones. */
async function startWithTraffic() {
  const collector = await startViewer()
  const quick = Array.from({ length: 101 }, (_, n) => {
    const start = middlePlus(n * 1_000 - 50_000)
    return request('GET /quick', start, after(start, 4))
  })
  const slow = [5_019, 5_019, 5_019].map((millis) => {
    const start = middlePlus(40_000)
    return request('GET /slow', start, after(start, millis))
  })
  await sendTelemetry(collector, [buildGroup([...quick, ...slow])])
  return collector
}

const cellsOf = (page: Page, operation: string) =>
  page.locator('tbody', { hasText: operation }).locator('td').allTextContents()

test('durations are in the unit that suits them, rates are of the time with traffic, and p99 needs requests', async () => {
  await using collector = await startWithTraffic()
  const { page, errors } = await browser.open(`${collector.url}/?window=1h`)
  await page.locator('table.operations').waitFor()

  expect((await cellsOf(page, 'GET /quick')).slice(1, 8)).toEqual([
    '101',
    '1.0/s',
    '0',
    '0',
    '4.00 ms',
    '4.00 ms',
    '4.00 ms',
  ])
  expect((await cellsOf(page, 'GET /slow')).slice(5, 8)).toEqual(['5.02 s', '5.02 s', '–'])
  expect(await page.locator('.clock-notes').textContent()).toMatch(
    /Rate: over 1 min 40 s, from the first request to the last.*p99: from 100 requests on/,
  )
  expect(errors).toEqual([])
  await page.close()
})

test('the axis of p50 to p99 is drawn, and a slow operation does not press a quick one into a line', async () => {
  await using collector = await startWithTraffic()
  const { page } = await browser.open(`${collector.url}/?window=1h`)
  const ticks = page.locator('.range-tick')

  await expect.poll(() => ticks.allTextContents()).toEqual(['10 ms', '100 ms', '1 s', '10 s'])
  const place = (operation: string) =>
    page.locator('tbody', { hasText: operation }).locator('.range-mark.is-p50').boundingBox()
  const axis = await page.locator('.range.is-axis').boundingBox()
  const [quick, slow] = [await place('GET /quick'), await place('GET /slow')]
  expect((slow?.x ?? 0) - (quick?.x ?? 0)).toBeGreaterThan((axis?.width ?? 0) / 2)
  await page.close()
})

test('every chart has a legend, round ticks, and says so when there is too little for it', async () => {
  await using collector = await startWithTraffic()
  const { page } = await browser.open(`${collector.url}/?window=1h&quantile=p99`)
  const charts = page.locator('.chart')
  await charts.first().waitFor()

  const legends = await page.locator('.chart-legend').allTextContents()
  expect(legends.map((text) => text.trim())).toEqual(['node', '5xx 4xx', 'node'])
  expect(await charts.nth(2).locator('.plot-empty').textContent()).toContain(
    'p99 needs 100 requests',
  )
  await page.goto(`${collector.url}/?window=1h&operation=GET+%2Fslow`)
  await charts.first().waitFor()
  expect(await charts.nth(2).locator('.plot-empty').count()).toBe(0)
  expect(await charts.nth(2).locator('text[text-anchor=end]').allTextContents()).toEqual(
    expect.arrayContaining(['0 ms', '2 s', '4 s', '6 s']),
  )
  await page.close()
})

test('requests at absurd times stretch nothing, and are named with what is wrong', async () => {
  await using collector = await startWithTraffic()
  const now = middlePlus(30_000)
  const strange = [
    request('GET /strange', 5n, 10_000_000n),
    request('GET /strange', now, 2n ** 64n - 1n),
    request('GET /strange', now, 0n),
    request('GET /strange', now, now - 500_000_000n),
  ]
  await sendTelemetry(collector, [buildGroup(strange)])
  const { page } = await browser.open(`${collector.url}/?window=all`)
  await page.getByText('Left out').waitFor()

  expect(await page.getByText('Left out').textContent()).toBe(
    'Left out: 1 request without an end; 2 requests with a time that cannot be (before 2000, after 2099 or in the future).',
  )
  expect(await page.getByText('Counted, but in no duration').textContent()).toContain(
    '1 request of which the end is before the start',
  )
  expect((await cellsOf(page, 'GET /strange')).slice(1, 8)).toEqual([
    '1',
    '0.01/s',
    '0',
    '0',
    '–',
    '–',
    '–',
  ])
  const times = await page
    .locator('.chart')
    .first()
    .locator('text:not([text-anchor=end])')
    .allTextContents()
  expect(times.join(' ')).not.toMatch(/19|2554/)
  await page.close()
})
