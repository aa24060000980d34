import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  buildGroup,
  buildLogRecord,
  buildSpan,
  spanIdOf,
  traceIdOf,
} from '../../collector/testing/build-telemetry.ts'
import { type OpenBrowser, openBrowser } from './testing/open-browser.ts'
import { sendTelemetry, sendTraces, startViewer } from './testing/start-viewer.ts'
import { buildTraceAt, nanosAgo } from './testing/synthetic-traces.ts'

// What comes while somebody looks.

const resources = new AsyncDisposableStack()
let browser: OpenBrowser
beforeAll(async () => {
  browser = resources.use(await openBrowser())
})
afterAll(() => resources.disposeAsync())

const waitMillis = { timeout: 15_000 } as const
const names = (page: Page) => page.locator('.row-link').allTextContents()

test('a trace that is sent long after it began comes to its place in an open list', async () => {
  await using collector = await startViewer()
  await sendTelemetry(collector, [
    buildTraceAt(1, nanosAgo(7_200_000), 'two hours old'),
    buildTraceAt(2, nanosAgo(1_000), 'new'),
  ])
  const { page } = await browser.open(`${collector.url}/traces`)
  await expect.poll(() => names(page)).toEqual(['new', 'two hours old'])
  await sendTelemetry(collector, [
    buildTraceAt(3, nanosAgo(60_000), 'a minute old'),
    buildTraceAt(4, nanosAgo(10_800_000), 'three hours old'),
  ])
  await expect
    .poll(() => names(page), waitMillis)
    .toEqual(['new', 'a minute old', 'two hours old', 'three hours old'])
  await page.close()
})

test('a span that is added to an old trace changes its row', async () => {
  await using collector = await startViewer()
  await sendTelemetry(collector, [
    buildTraceAt(1, nanosAgo(600_000)),
    buildTraceAt(2, nanosAgo(1_000)),
  ])
  const { page } = await browser.open(`${collector.url}/traces`)
  const row = page.locator('.trace-row').filter({ has: page.locator(`a[href$="${traceIdOf(1)}"]`) })
  await expect.poll(() => row.locator('.cell-spans').textContent()).toBe('1')
  const late = buildSpan({
    traceId: traceIdOf(1),
    spanId: spanIdOf(77),
    parentSpanId: spanIdOf(1),
    startNanos: nanosAgo(600_000),
    endNanos: nanosAgo(599_999),
    status: { code: 2, message: '' },
  })
  await sendTelemetry(collector, [buildGroup([late])])
  await expect.poll(() => row.locator('.cell-spans').textContent(), waitMillis).toBe('2')
  expect(await row.locator('.badge').textContent()).toBe('1 error')
  await page.close()
})

test('records that say the same at the same time are each shown, also those that come late', async () => {
  await using collector = await startViewer()
  const timeNanos = nanosAgo(120_000)
  const tick = buildLogRecord({ timeNanos, body: 'tick' })
  await sendTelemetry(collector, [], [buildGroup([tick, tick, tick])])
  await sendTelemetry(collector, [], [buildGroup([buildLogRecord({ timeNanos: nanosAgo(0) })])])
  const { page } = await browser.open(`${collector.url}/logs`)
  const ticks = page.locator('.log-row').filter({ hasText: 'tick' })
  await expect.poll(() => ticks.count()).toBe(3)
  await ticks.nth(1).click()
  await expect.poll(() => page.locator('.log-row.is-selected').count()).toBe(1)
  // Seen later: the same record in another request would be one that was sent again.
  const late = { ...tick, observedTimeNanos: nanosAgo(0) }
  await sendTelemetry(collector, [], [buildGroup([late, late])])
  await expect.poll(() => ticks.count(), waitMillis).toBe(5)
  expect(await page.locator('.log-row.is-selected').count()).toBe(1)
  await page.close()
})

test('600 records of the same nanosecond are all reached', async () => {
  await using collector = await startViewer()
  const timeNanos = nanosAgo(0)
  const records = Array.from({ length: 600 }, () => buildLogRecord({ timeNanos }))
  await sendTelemetry(collector, [], [buildGroup(records)])
  const { page } = await browser.open(`${collector.url}/logs`)
  const list = page.getByRole('list', { name: 'Log records' })
  const countLine = async () => {
    await list.evaluate((element) => {
      element.scrollTop = element.scrollHeight
    })
    return page.locator('.view-head [role=status]').textContent()
  }
  await expect.poll(countLine, waitMillis).toBe('600 records')
  await page.close()
})

test('paused, a view that is opened then is shown, and held still', async () => {
  await using collector = await startViewer()
  await sendTelemetry(collector, [buildTraceAt(1, nanosAgo(1_000), 'first')])
  const { page } = await browser.open(`${collector.url}/`)
  await page.getByRole('button', { name: 'Live' }).click()
  await page.getByRole('link', { name: 'Traces', exact: true }).click()
  await expect.poll(() => names(page)).toEqual(['first'])
  await sendTelemetry(collector, [buildTraceAt(2, nanosAgo(0), 'second')])
  await page.waitForTimeout(2_500)
  expect(await names(page)).toEqual(['first'])
  await page.getByRole('button', { name: 'Paused' }).click()
  await expect.poll(() => names(page), waitMillis).toEqual(['second', 'first'])
  await page.close()
})

test('a row that is pointed at stays below the pointer, and the list is at its top again afterwards', async () => {
  await using collector = await startViewer()
  await sendTraces(collector, 100)
  const { page } = await browser.open(`${collector.url}/traces`)
  const list = page.getByRole('table', { name: 'Traces' })
  const row = page.locator('.row-link').nth(4)
  await row.waitFor()
  const href = await row.getAttribute('href')
  const box = await row.boundingBox()
  if (box === null) throw new Error('expected a row')
  const [x, y] = [box.x + 40, box.y + box.height / 2]
  await page.mouse.move(x, y)
  const names = () => page.locator('.view-head [role=status]').textContent()
  await sendTelemetry(
    collector,
    [901, 902, 903].map((n) => buildTraceAt(n, nanosAgo(0))),
  )
  await expect.poll(names, waitMillis).toBe('103 traces')
  const below = `document.elementFromPoint(${x}, ${y}).closest('[role=row]').querySelector('a').getAttribute('href')`
  expect(await page.evaluate(below)).toBe(href)
  await page.mouse.move(x, 20)
  await expect.poll(() => list.evaluate((element) => element.scrollTop)).toBe(0)
  await page.mouse.click(x, y + 3 * 30)
  await expect.poll(() => page.url()).toContain(String(href))
  await page.close()
})
