import type { Page, Request } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  buildAttributes,
  buildGroup,
  buildLogRecord,
  buildSpan,
  spanIdOf,
  traceIdOf,
} from '../../collector/testing/build-telemetry.ts'
import { type OpenBrowser, openBrowser } from './open-browser.ts'
import { sendTelemetry, startViewer } from './start-viewer.ts'
import { buildTraces } from './synthetic-traces.ts'

// What comes while somebody looks, and what looking costs.

const resources = new AsyncDisposableStack()
let browser: OpenBrowser
beforeAll(async () => {
  browser = resources.use(await openBrowser())
})
afterAll(() => resources.disposeAsync())

const waitMillis = { timeout: 15_000 } as const
const nanosAgo = (millis: number) => BigInt(Date.now() - millis) * 1_000_000n

const traceAt = (n: number, startNanos: bigint, name = 'GET /late') =>
  buildGroup([
    buildSpan({
      traceId: traceIdOf(n),
      spanId: spanIdOf(n),
      name,
      startNanos,
      endNanos: startNanos + 1_000_000n,
      attributes: buildAttributes({ 'http.response.status_code': 200n }),
    }),
  ])

const names = (page: Page) => page.locator('.row-link').allTextContents()

test('a trace that is sent long after it began comes to its place in an open list', async () => {
  await using collector = await startViewer()
  await sendTelemetry(collector, [
    traceAt(1, nanosAgo(7_200_000), 'two hours old'),
    traceAt(2, nanosAgo(1_000), 'new'),
  ])
  const { page } = await browser.open(`${collector.url}/traces`)
  await expect.poll(() => names(page)).toEqual(['new', 'two hours old'])
  await sendTelemetry(collector, [
    traceAt(3, nanosAgo(60_000), 'a minute old'),
    traceAt(4, nanosAgo(10_800_000), 'three hours old'),
  ])
  await expect
    .poll(() => names(page), waitMillis)
    .toEqual(['new', 'a minute old', 'two hours old', 'three hours old'])
  await page.close()
})

test('a span that is added to an old trace changes its row', async () => {
  await using collector = await startViewer()
  await sendTelemetry(collector, [traceAt(1, nanosAgo(600_000)), traceAt(2, nanosAgo(1_000))])
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
  await sendTelemetry(collector, [], [buildGroup([tick, tick])])
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
  await sendTelemetry(collector, [traceAt(1, nanosAgo(1_000), 'first')])
  const { page } = await browser.open(`${collector.url}/`)
  await page.getByRole('button', { name: 'Live' }).click()
  await page.getByRole('link', { name: 'Traces', exact: true }).click()
  await expect.poll(() => names(page)).toEqual(['first'])
  await sendTelemetry(collector, [traceAt(2, nanosAgo(0), 'second')])
  await page.waitForTimeout(2_500)
  expect(await names(page)).toEqual(['first'])
  await page.getByRole('button', { name: 'Paused' }).click()
  await expect.poll(() => names(page), waitMillis).toEqual(['second', 'first'])
  await page.close()
})

describe('what a page asks of the collector', () => {
  const views = [
    ['/?window=all', 'table.operations', 600_000],
    ['/traces', '.row-link', 30_000],
    [`/traces/${traceIdOf(5)}`, '[role=treeitem]', 30_000],
    ['/logs', '.empty', 30_000],
  ] as const

  test('is little while nothing happens, over few connections, and nothing of others', async () => {
    await using collector = await startViewer()
    for (const groups of buildTraces(3_000, Date.now())) await sendTelemetry(collector, groups)
    await Promise.all(
      views.map(async ([path, shows, bytesMax]) => {
        const opened = await browser.open(`${collector.url}${path}`)
        const { page, busiest, foreignRequests } = opened
        await page.locator(shows).first().waitFor()
        await page.waitForTimeout(1_500)
        const sizes: Promise<number>[] = []
        const measure = (request: Request) => {
          sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize))
        }
        page.on('requestfinished', measure)
        await page.waitForTimeout(6_500)
        page.off('requestfinished', measure)
        const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
        expect(sizes.length, path).toBeGreaterThan(5)
        expect(sizes.length, path).toBeLessThan(16)
        // Lists ask for what has changed, and a trace is two spans; only the overview is told in full.
        expect(bytes, path).toBeLessThan(bytesMax)
        expect(busiest.requests, path).toBeLessThanOrEqual(6)
        expect(foreignRequests, path).toEqual([])
        await page.close()
      }),
    )
  })

  test('two pages are live at once, and a hidden one asks for nothing', async () => {
    await using collector = await startViewer()
    await sendTelemetry(collector, [traceAt(1, nanosAgo(1_000), 'first')])
    const one = await browser.open(`${collector.url}/traces`)
    const two = await browser.open(`${collector.url}/traces`)
    await expect.poll(() => names(two.page)).toEqual(['first'])
    await sendTelemetry(collector, [traceAt(2, nanosAgo(0), 'second')])
    for (const { page } of [one, two]) {
      await expect.poll(() => names(page), waitMillis).toEqual(['second', 'first'])
    }
    await one.page.evaluate(`
      Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))`)
    let asked = 0
    one.page.on('request', () => {
      asked += 1
    })
    await one.page.waitForTimeout(3_000)
    expect(asked).toBe(0)
    await one.page.evaluate(`
      delete document.visibilityState
      document.dispatchEvent(new Event('visibilitychange'))`)
    await expect.poll(() => asked).toBeGreaterThan(0)
    await one.page.close()
    await two.page.close()
  })
})

test('over a slow network a view says that it waits, and asks again only after an answer', async () => {
  await using collector = await startViewer()
  for (const groups of buildTraces(50, Date.now())) await sendTelemetry(collector, groups)
  const { page, errors, busiest } = await browser.open(`${collector.url}/traces`, {
    latencyMillis: 900,
  })
  await expect.poll(() => page.getByText('Asking the collector').first().isVisible()).toBe(true)
  await expect
    .poll(() => page.locator('.view-head [role=status]').textContent(), waitMillis)
    .toBe('50 traces')
  await page.waitForTimeout(4_000)
  await page.getByRole('link', { name: 'Compare', exact: true }).click()
  await page.getByRole('link', { name: 'GET /ready' }).click(waitMillis)
  await expect
    .poll(() => page.getByRole('list', { name: 'Steps' }).count(), { timeout: 30_000 })
    .toBe(1)
  // Of the traces that are compared a browser fetches six at a time, whatever is asked for at once.
  expect(busiest.requests).toBeLessThan(200)
  expect(errors).toEqual([])
  await page.close()
})

test('an open trace is sent again only when it has changed, and shows what has come', async () => {
  await using collector = await startViewer()
  await sendTelemetry(collector, [traceAt(1, nanosAgo(1_000))])
  const { page } = await browser.open(`${collector.url}/traces/${traceIdOf(1)}`)
  await expect.poll(() => page.getByRole('treeitem').count()).toBe(1)
  const statuses: number[] = []
  page.on('response', (response) => {
    if (response.url().includes(`/api/traces/${traceIdOf(1)}`)) statuses.push(response.status())
  })
  await expect.poll(() => statuses, waitMillis).toEqual([304])
  const record = buildLogRecord({ timeNanos: nanosAgo(900), traceId: traceIdOf(1) })
  await sendTelemetry(collector, [], [buildGroup([record])])
  await expect.poll(() => page.getByRole('treeitem').count(), waitMillis).toBe(2)
  await page.close()
})

test('a row that is pointed at stays below the pointer, and the list is at its top again afterwards', async () => {
  await using collector = await startViewer()
  for (const groups of buildTraces(100, Date.now())) await sendTelemetry(collector, groups)
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
    [901, 902, 903].map((n) => traceAt(n, nanosAgo(0))),
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
