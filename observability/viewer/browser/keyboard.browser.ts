import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  buildGroup,
  buildLogRecord,
  buildSpan,
  spanIdOf,
  traceIdOf,
} from '../../collector/testing/build-telemetry.ts'
import { type OpenBrowser, openBrowser } from './testing/open-browser.ts'
import { sendTelemetry, sendTraces, startViewer } from './testing/start-viewer.ts'

// Everything by keyboard alone: by Tab and not by script, for only that tells whether somebody gets there.

const resources = new AsyncDisposableStack()
let browser: OpenBrowser
beforeAll(async () => {
  browser = resources.use(await openBrowser())
})
afterAll(() => resources.disposeAsync())

const focused = async (page: Page): Promise<string> =>
  String(
    await page.evaluate(
      `(document.activeElement?.getAttribute('href') ?? document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '')`,
    ),
  )

/** Presses Tab until something of that description has the focus; at the most as often as there are stops in a view. */
async function tabTo(page: Page, what: RegExp, stopsMax = 40): Promise<number> {
  for (let stops = 1; stops <= stopsMax; stops += 1) {
    await page.keyboard.press('Tab')
    if (what.test(await focused(page))) return stops
  }
  throw new Error(`Tab did not reach ${what} within ${stopsMax} stops`)
}

async function openTraces(count: number) {
  const collector = await startViewer()
  await sendTraces(collector, count)
  const opened = await browser.open(`${collector.url}/traces`)
  await opened.page.locator('.row-link').first().waitFor()
  return { collector, ...opened }
}

/** What the list says of itself. */
const countLine = (page: Page) => page.locator('.view-head [role=status]').textContent()

const newTrace = (n: number) =>
  buildGroup([
    buildSpan({
      traceId: traceIdOf(n),
      spanId: spanIdOf(n),
      startNanos: BigInt(Date.now()) * 1_000_000n,
      endNanos: BigInt(Date.now() + 1) * 1_000_000n,
    }),
  ])

describe('the list of traces', () => {
  test('is one stop however long it is, and what comes behind it is reached', async () => {
    const { collector, page } = await openTraces(2_000)
    await page.getByLabel('Sort by').focus()
    await tabTo(page, /^Select GET/, 1)
    await tabTo(page, /^\/traces\/[0-9a-f]{32}$/, 1)
    // Beside the buttons of the foot.
    await tabTo(page, /^\/metrics$/, 4)
    await page.close()
    await collector.close()
  })

  test('is walked, rows are selected, and compared', async () => {
    const { collector, page } = await openTraces(300)
    await page.getByLabel('Sort by').focus()
    await tabTo(page, /^\/traces\/[0-9a-f]{32}$/, 2)
    const first = await focused(page)
    await page.keyboard.press('x')
    for (let rows = 0; rows < 60; rows += 1) await page.keyboard.press('ArrowDown')
    const later = await focused(page)
    expect(later).toMatch(/^\/traces\/[0-9a-f]{32}$/)
    expect(later).not.toBe(first)
    await page.keyboard.press('x')
    await expect.poll(() => page.getByText('2 traces selected').count()).toBe(1)
    await tabTo(page, /^\/compare\?/, 2)
    await page.keyboard.press('Enter')
    const id = (href: string) => href.slice('/traces/'.length)
    await expect.poll(() => page.url()).toContain(`trace=${id(first)}&trace=${id(later)}`)
    await expect.poll(() => page.getByRole('list', { name: 'Steps' }).count()).toBe(1)
    await page.close()
    await collector.close()
  })

  test('is walked up without a row being hidden below its header', async () => {
    const { collector, page } = await openTraces(100)
    await page.getByLabel('Sort by').focus()
    await tabTo(page, /^\/traces\//, 2)
    for (let rows = 0; rows < 50; rows += 1) await page.keyboard.press('ArrowDown')
    for (let rows = 0; rows < 40; rows += 1) await page.keyboard.press('ArrowUp')
    const isHidden = await page.evaluate(`(() => {
      const row = document.activeElement.getBoundingClientRect()
      const header = document.querySelector('.trace-row.is-header').getBoundingClientRect()
      return row.top < header.bottom - 1
    })()`)
    expect(isHidden).toBe(false)
    await page.close()
    await collector.close()
  })

  test.each([0, 900])(
    'keeps the focus on its trace when others come in above, scrolled by %d',
    async (scrolled) => {
      const { collector, page } = await openTraces(200)
      const list = page.getByRole('table', { name: 'Traces' })
      await list.evaluate((element, top) => {
        element.scrollTop = top
      }, scrolled)
      await page.getByLabel('Sort by').focus()
      await tabTo(page, /^\/traces\//, 2)
      await page.keyboard.press('ArrowDown')
      const before = await focused(page)
      for (const n of [5_001, 5_002, 5_003]) await sendTelemetry(collector, [newTrace(n)])
      await expect.poll(() => countLine(page), { timeout: 10_000 }).toMatch(/^[12]03 traces/)
      expect(await focused(page)).toBe(before)
      await page.keyboard.press('Enter')
      await expect.poll(() => page.url()).toContain(before)
      await page.close()
      await collector.close()
    },
  )

  test('does not let Enter open what just scrolled by', async () => {
    const { collector, page } = await openTraces(300)
    await page.getByLabel('Sort by').focus()
    await tabTo(page, /^\/traces\//, 2)
    const list = page.getByRole('table', { name: 'Traces' })
    await list.evaluate((element) => {
      element.scrollTop = 4_000
    })
    await expect.poll(() => focused(page)).toBe('Traces, newest first')
    await page.keyboard.press('Enter')
    expect(page.url()).toMatch(/\/traces$/)
    await page.keyboard.press('ArrowDown')
    expect(await focused(page)).toMatch(/^\/traces\/[0-9a-f]{32}$/)
    await page.close()
    await collector.close()
  })
})

test('going back finds the list where it was left, with what has come meanwhile', async () => {
  const { collector, page } = await openTraces(900)
  const list = page.getByRole('table', { name: 'Traces' })
  const scroll = (top: number) =>
    list.evaluate((element, to) => {
      element.scrollTop = to
    }, top)
  await scroll(2_500)
  await expect.poll(() => countLine(page)).toMatch(/^[6-9]00 traces/)
  await scroll(12_000)
  const row = list.locator('[aria-rowindex="405"] a')
  const href = await row.getAttribute('href')
  await row.click()
  await page.getByRole('tree').waitFor()
  await sendTelemetry(collector, [newTrace(5_001)])
  await page.goBack()
  await list.waitFor()
  await expect
    .poll(() => list.locator(`a[href="${href}"]`).evaluate(isInSight), { timeout: 10_000 })
    .toBe(true)
  await expect.poll(() => countLine(page), { timeout: 10_000 }).toMatch(/^[6-9]01 traces/)
  await expect.poll(() => list.locator(`a[href="${href}"]`).evaluate(isInSight)).toBe(true)
  // Who comes by a link comes to the top.
  await page.getByRole('link', { name: 'Logs', exact: true }).click()
  await page.getByRole('link', { name: 'Traces', exact: true }).click()
  await page.locator('.row-link').first().waitFor()
  expect(await list.evaluate((element) => element.scrollTop)).toBe(0)
  await page.close()
  await collector.close()
})

function isInSight(element: {
  getBoundingClientRect(): { readonly top: number; readonly bottom: number }
}): boolean {
  const { top, bottom } = element.getBoundingClientRect()
  return top > 0 && bottom < 800
}

test('log records are walked, opened, and lead to their trace and back', async () => {
  await using collector = await startViewer()
  await sendTraces(collector, 5)
  const now = Date.now()
  const records = Array.from({ length: 40 }, (_, n) =>
    buildLogRecord({
      timeNanos: BigInt(now - n) * 1_000_000n,
      body: `record ${n}`,
      traceId: traceIdOf(1 + (n % 5)),
      spanId: spanIdOf(2 + 2 * (n % 5)),
    }),
  )
  await sendTelemetry(collector, [], [buildGroup(records)])
  const { page } = await browser.open(`${collector.url}/logs`)
  await page.locator('.log-row').first().waitFor()
  await page.getByRole('combobox', { name: 'Time', exact: true }).focus()
  await tabTo(page, /^record 0$/, 1)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  const details = page.getByRole('complementary', { name: 'Log record' })
  await expect.poll(() => details.getByRole('heading', { name: 'record 1' }).count()).toBe(1)
  await page.reload()
  await expect.poll(() => details.getByRole('heading', { name: 'record 1' }).count()).toBe(1)
  await page.getByRole('combobox', { name: 'Time', exact: true }).focus()
  await tabTo(page, /^\/traces\//, 4)
  await page.keyboard.press('Enter')
  await page.getByRole('tree').waitFor()
  await page.goBack()
  await expect.poll(() => details.getByRole('heading', { name: 'record 1' }).count()).toBe(1)
  await page.close()
})

test('a span that is closed over what is selected is selected itself, and hides no errors from the count', async () => {
  await using collector = await startViewer()
  const span = (n: number, parent: number, code = 0) =>
    buildSpan({
      spanId: spanIdOf(n),
      parentSpanId: parent === 0 ? '' : spanIdOf(parent),
      name: `span ${n}`,
      startNanos: BigInt(Date.now()) * 1_000_000n,
      endNanos: BigInt(Date.now() + 5) * 1_000_000n,
      status: { code, message: '' },
    })
  await sendTelemetry(collector, [buildGroup([span(1, 0), span(2, 1), span(3, 2, 2)])])
  const { page } = await browser.open(`${collector.url}/traces/${traceIdOf(1)}?span=${spanIdOf(3)}`)
  const items = page.getByRole('treeitem')
  await expect.poll(() => items.count()).toBe(3)
  await page.locator('.opener.is-open').first().click()
  await expect.poll(() => items.count()).toBe(1)
  await expect.poll(() => page.url()).toContain(`span=${spanIdOf(1)}`)
  await page.getByRole('button', { name: 'Next of 1 error' }).click()
  await expect.poll(() => page.url()).toContain(`span=${spanIdOf(3)}`)
  await expect.poll(() => items.count()).toBe(3)
  await page.close()
})
