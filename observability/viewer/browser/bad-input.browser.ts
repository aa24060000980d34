import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  buildGroup,
  buildSpan,
  spanIdOf,
  traceIdOf,
} from '../../collector/testing/build-telemetry.ts'
import { type OpenBrowser, openBrowser } from './testing/open-browser.ts'
import { sendTelemetry, sendTraces, startViewer } from './testing/start-viewer.ts'
import { buildHostileTrace, buildTraces, hostileTexts } from './testing/synthetic-traces.ts'

const resources = new AsyncDisposableStack()
let browser: OpenBrowser
beforeAll(async () => {
  browser = resources.use(await openBrowser())
})
afterAll(() => resources.disposeAsync())

const rows = (page: Page) => page.getByRole('table', { name: 'Traces' }).getByRole('link')
/** What the browser itself writes for an answer that is no success, or for none. */
const isAboutLoading = (line: string) => line.includes('Failed to load resource')

describe('an empty store', () => {
  test.each(['/', '/traces', '/compare', '/logs'])('at %s says what to do', async (path) => {
    await using collector = await startViewer()
    const { page, errors } = await browser.open(`${collector.url}${path}`)

    await expect
      .poll(() => page.getByText(/^No (?:traces|requests|log records) yet$/).count())
      .toBe(1)
    expect(await page.locator('.command code').textContent()).toMatch(
      /^curl http:\/\/127\.0\.0\.1:/,
    )
    expect(await page.getByRole('button', { name: 'Copy' }).count()).toBe(1)
    expect(errors).toEqual([])
    await page.close()
  })

  test('is left as soon as something arrives', async () => {
    await using collector = await startViewer()
    const { page } = await browser.open(`${collector.url}/traces`)
    await expect.poll(() => page.getByText('No traces yet').count()).toBe(1)
    await sendTraces(collector, 3)
    await expect.poll(() => rows(page).count(), { timeout: 10_000 }).toBe(3)
    await page.close()
  })
})

describe('10,000 traces', () => {
  test('are all reached by scrolling, with few rows in the document', async () => {
    await using collector = await startViewer()
    await sendTraces(collector, 10_000)
    const { page, errors } = await browser.open(`${collector.url}/traces`)
    await expect.poll(() => rows(page).count()).toBeGreaterThan(10)
    const list = page.getByRole('table', { name: 'Traces' })
    const bottom = async () => {
      await list.evaluate(scrollToEnd)
      return page.getByText('10,000 traces', { exact: true }).count()
    }
    await expect.poll(bottom, { timeout: 30_000, interval: 50 }).toBe(1)
    await expect
      .poll(async () => {
        await list.evaluate(scrollToEnd)
        return list.locator('[aria-rowindex="10001"]').count()
      })
      .toBe(1)
    expect(await list.getByRole('row').count()).toBeLessThan(120)
    expect(errors).toEqual([])
    await page.close()
  })

  test('do not move under the reader when new ones come', async () => {
    await using collector = await startViewer()
    await sendTraces(collector, 300)
    const { page } = await browser.open(`${collector.url}/traces`)
    await expect.poll(() => rows(page).count()).toBeGreaterThan(10)
    const list = page.getByRole('table', { name: 'Traces' })
    await list.evaluate((element) => {
      element.scrollTop = 1_500
    })
    // The rows there are drawn in the frame after.
    await expect.poll(() => firstInSight(page)).toMatch(/^\/traces\//)
    const first = await firstInSight(page)
    const hostile = buildHostileTrace(99_999, Date.now())
    await sendTelemetry(collector, hostile.spans)
    await expect
      .poll(() => page.getByText('301 traces', { exact: true }).count(), { timeout: 10_000 })
      .toBe(1)
    await expect.poll(() => firstInSight(page)).toBe(first)
    await page.close()
  })
})

function scrollToEnd(element: { scrollTop: number; readonly scrollHeight: number }): void {
  element.scrollTop = element.scrollHeight
}

/** Where the first row in sight leads. */
async function firstInSight(page: Page): Promise<string> {
  const found: unknown = await page.evaluate(`
    (() => {
      const box = document.querySelector('.trace-table').getBoundingClientRect()
      return document.elementFromPoint(box.left + 300, box.top + 60).closest('[role=row]')?.querySelector('a')?.getAttribute('href')
    })()`)
  return String(found)
}

test('hostile values are shown as the text that they are', async () => {
  await using collector = await startViewer()
  const { spans, logs } = buildHostileTrace(7, Date.now())
  await sendTelemetry(collector, spans, logs)
  const [name = ''] = hostileTexts
  for (const path of [
    '/',
    '/traces',
    `/traces/${traceIdOf(7)}`,
    '/logs',
    `/compare?trace=${traceIdOf(7)}&trace=${traceIdOf(7)}`,
    `/compare?operation=${encodeURIComponent(name)}`,
    `/traces?text=${encodeURIComponent(name)}`,
  ]) {
    const { page, errors, foreignRequests } = await browser.open(`${collector.url}${path}`)
    await expect.poll(() => page.getByText(name).count(), { message: path }).toBeGreaterThan(0)
    expect(await page.title(), path).not.toMatch(/owned|^1$/)
    expect(await page.locator('main img, main script').count(), path).toBe(0)
    expect(await page.locator('main a[href^="javascript:"]').count(), path).toBe(0)
    expect(errors, path).toEqual([])
    expect(foreignRequests, path).toEqual([])
    await page.close()
  }
})

test('a trace that is let go stays on the screen, and says so', async () => {
  await using collector = await startViewer({ bounds: { tracesMax: 10 } })
  await sendTraces(collector, 3)
  const { page } = await browser.open(`${collector.url}/traces/${traceIdOf(1)}`)
  await expect.poll(() => page.getByRole('treeitem').count()).toBe(2)
  await sendTelemetry(collector, [...buildTraces(40, Date.now())].flat())
  // The second sending has the first three again, so push them out with others.
  for (let n = 100; n < 120; n += 1) {
    await sendTelemetry(collector, buildHostileTrace(n, Date.now()).spans)
  }
  await expect
    .poll(() => page.getByText('no longer has this trace').count(), { timeout: 15_000 })
    .toBe(1)
  expect(await page.getByRole('treeitem').count()).toBe(2)
  // A span that comes later starts the trace anew; what was whole stays.
  const late = buildSpan({ spanId: spanIdOf(4_444), parentSpanId: spanIdOf(2), name: 'late' })
  await sendTelemetry(collector, [buildGroup([late])])
  const again = await page.waitForResponse(
    (response) => response.url().endsWith(traceIdOf(1)) && response.status() === 200,
  )
  expect(await again.text()).toContain('late')
  await expect.poll(() => page.getByText('no longer has this trace').count()).toBe(1)
  expect(await page.getByRole('treeitem').count()).toBe(2)
  await page.close()
})

test('a collector that goes away and comes back is told, and the page recovers', async () => {
  const first = await startViewer()
  await sendTraces(first, 5)
  const { page, errors } = await browser.open(`${first.url}/traces`)
  await expect.poll(() => rows(page).count()).toBe(5)
  await first.close()
  await expect
    .poll(() => page.getByText('has not answered since').count(), { timeout: 15_000 })
    .toBe(1)
  expect(await rows(page).count()).toBe(5)

  await using second = await startViewer({ port: first.port })
  await expect
    .poll(() => page.getByText('was started again at').count(), { timeout: 15_000 })
    .toBe(1)
  await expect.poll(() => page.getByText('No traces yet').count(), { timeout: 15_000 }).toBe(1)
  await sendTraces(second, 2)
  await expect.poll(() => rows(page).count(), { timeout: 15_000 }).toBe(2)
  expect(errors.filter((line) => !isAboutLoading(line))).toEqual([])
  await page.close()
})

test('a store that is emptied empties the list', async () => {
  await using collector = await startViewer()
  await sendTraces(collector, 5)
  const { page } = await browser.open(`${collector.url}/traces`)
  await expect.poll(() => rows(page).count()).toBe(5)
  await fetch(`${collector.url}/api/traces`, { method: 'DELETE' })
  await expect
    .poll(() => page.getByText('No traces since everything was cleared').count(), {
      timeout: 15_000,
    })
    .toBe(1)
  await page.close()
})

test('paused, nothing moves; live again, it does', async () => {
  await using collector = await startViewer()
  await sendTraces(collector, 5)
  const { page } = await browser.open(`${collector.url}/traces`)
  await expect.poll(() => rows(page).count()).toBe(5)
  await page.getByRole('button', { name: 'Live' }).click()
  await sendTelemetry(collector, buildHostileTrace(50, Date.now()).spans)
  await page.waitForTimeout(3_000)
  expect(await rows(page).count()).toBe(5)
  await page.getByRole('button', { name: 'Paused' }).click()
  await expect.poll(() => rows(page).count(), { timeout: 10_000 }).toBe(6)
  await page.close()
})
