import type { Page, Request } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildGroup, buildLogRecord, traceIdOf } from '../../collector/testing/build-telemetry.ts'
import { type OpenBrowser, openBrowser } from './testing/open-browser.ts'
import { sendTelemetry, sendTraces, startViewer } from './testing/start-viewer.ts'
import { buildTraceAt, nanosAgo } from './testing/synthetic-traces.ts'

// What looking costs the collector: how much is asked, how often, and how much is answered.

const resources = new AsyncDisposableStack()
let browser: OpenBrowser
beforeAll(async () => {
  browser = resources.use(await openBrowser())
})
afterAll(() => resources.disposeAsync())

const waitMillis = { timeout: 15_000 } as const
const names = (page: Page) => page.locator('.row-link').allTextContents()

describe('what a page asks of the collector', () => {
  const views = [
    ['/?window=all', 'table.operations', 600_000],
    ['/traces', '.row-link', 30_000],
    [`/traces/${traceIdOf(5)}`, '[role=treeitem]', 30_000],
    ['/logs', '.empty', 30_000],
  ] as const

  test('is little while nothing happens, over few connections, and nothing of others', async () => {
    await using collector = await startViewer()
    await sendTraces(collector, 3_000)
    await Promise.all(
      views.map(async ([path, shows, bytesMax]) => {
        const opened = await browser.open(`${collector.url}${path}`)
        const { page, busiest, foreignRequests } = opened
        await page.locator(shows).first().waitFor()
        // The views that are not shown are fetched ahead, this one last.
        await page.waitForFunction(() =>
          performance.getEntriesByType('resource').some(({ name }) => name.includes('/runs-view-')),
        )
        await page.waitForTimeout(500)
        const sizes: Promise<number>[] = []
        const measure = (request: Request) => {
          sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize))
        }
        page.on('requestfinished', measure)
        await page.waitForTimeout(8_000)
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
    await sendTelemetry(collector, [buildTraceAt(1, nanosAgo(1_000), 'first')])
    const one = await browser.open(`${collector.url}/traces`)
    const two = await browser.open(`${collector.url}/traces`)
    await expect.poll(() => names(two.page)).toEqual(['first'])
    await sendTelemetry(collector, [buildTraceAt(2, nanosAgo(0), 'second')])
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
  await sendTraces(collector, 50)
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
  await sendTelemetry(collector, [buildTraceAt(1, nanosAgo(1_000))])
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
