import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  buildAttributes,
  buildGroup,
  buildSpan,
  spanIdOf,
  traceIdOf,
} from '../../collector/testing/build-telemetry.ts'
import { type OpenBrowser, openBrowser } from './testing/open-browser.ts'
import { sendTelemetry, startViewer } from './testing/start-viewer.ts'
import { buildTraces } from './testing/synthetic-traces.ts'

// Every point of the overview leads to the traces behind it: as many as it says, and no others.

const resources = new AsyncDisposableStack()
let browser: OpenBrowser
let url = ''

beforeAll(async () => {
  browser = resources.use(await openBrowser())
  const collector = resources.use(await startViewer())
  url = collector.url
  const now = Date.now()
  for (const groups of buildTraces(150, now)) await sendTelemetry(collector, groups)
  // Some an hour ago, which no window but the longest has.
  for (const groups of buildTraces(40, now - 3_600_000)) {
    await sendTelemetry(collector, groups.map(withOtherIds))
  }
  // A request that failed before it had a status, in a trace that began long before it.
  const startNanos = BigInt(now - 2_000) * 1_000_000n
  const caller = buildSpan({
    traceId: traceIdOf(7_000),
    spanId: spanIdOf(1),
    kind: 3,
    name: 'call',
    startNanos: startNanos - 400_000_000_000n,
    endNanos: startNanos + 1_000_000n,
  })
  const failed = buildSpan({
    traceId: traceIdOf(7_000),
    spanId: spanIdOf(2),
    parentSpanId: spanIdOf(1),
    name: 'GET /ready',
    startNanos,
    endNanos: startNanos + 1_000_000n,
    attributes: buildAttributes({ 'http.request.method': 'GET', 'http.route': '/ready' }),
    status: { code: 2, message: 'gone' },
  })
  await sendTelemetry(collector, [buildGroup([caller, failed], { runtime: 'node' })])
})
afterAll(() => resources.disposeAsync())

function withOtherIds(group: ReturnType<typeof buildGroup<ReturnType<typeof buildSpan>>>) {
  return {
    ...group,
    scopes: group.scopes.map((scope) => ({
      ...scope,
      items: scope.items.map((span) => ({ ...span, traceId: `f${span.traceId.slice(1)}` })),
    })),
  }
}

/** How many traces an address of the page shows, asked in the same words. */
async function countBehind(href: string): Promise<number> {
  const question = new URL(href, url)
  question.pathname = `/api${question.pathname}`
  question.searchParams.set('limit', '500')
  const answer: unknown = await (await fetch(question)).json()
  const traces = typeof answer === 'object' && answer !== null && 'traces' in answer
  return traces && Array.isArray(answer.traces) ? answer.traces.length : Number.NaN
}

const toNumber = (text: string) => Number(/[\d,]+/.exec(text)?.[0].replaceAll(',', ''))

async function openOverview(path: string): Promise<Page> {
  const { page } = await browser.open(`${url}${path}`)
  await page.locator('table.operations tbody td').first().waitFor()
  // Held still, so that what is read and what is asked are of the same moment.
  await page.getByRole('button', { name: 'Live' }).click()
  return page
}

describe.each(['/', '/?window=all', '/?runtime=deno', '/?window=all&operation=GET+%2Fready'])(
  'at %s',
  (path) => {
    test('each count of the table and of the line above leads to as many traces', async () => {
      const page = await openOverview(path)
      const links = await page
        .locator('table.operations td a:not([href*=minDurationMillis]), .totals a')
        .evaluateAll((found) =>
          found.map((link) => [link.getAttribute('href'), link.textContent, link.title]),
        )
      expect(links.length).toBeGreaterThan(20)
      for (const [href, text, title] of links) {
        const wanted = toNumber(title?.includes('request') ? title : (text ?? ''))
        expect(await countBehind(href ?? ''), `${text} ${title} ${href}`).toBe(wanted)
      }
      await page.close()
    })
  },
)

test('each duration leads to traces that took as long, which there are', async () => {
  const page = await openOverview('/')
  const hrefs = await page
    .locator('table.operations a[href*=minDurationMillis]')
    .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''))
  expect(hrefs.length).toBeGreaterThan(20)
  for (const href of hrefs) expect(await countBehind(href), href).toBeGreaterThan(0)
  await page.close()
})

test('a count that is followed shows its traces, and says which they are', async () => {
  const page = await openOverview('/')
  const link = page.locator('table.operations a.is-bad').first()
  const count = toNumber((await link.textContent()) ?? '')
  await link.click()
  await expect
    .poll(() => page.getByRole('table', { name: 'Traces' }).getByRole('link').count())
    .toBe(count)
  expect(await page.locator('.conditions').textContent()).toMatch(/requests since .*\d\d:\d\d:\d\d/)
  await page.close()
})

describe('a chart', () => {
  /** Each point that the arrow keys reach, with what it says and where it leads. */
  async function readPoints(page: Page, title: string) {
    const chart = page.locator('.chart').filter({ has: page.getByRole('heading', { name: title }) })
    const link = chart.locator('.plot-link')
    await link.focus()
    const points = new Map<string, string>()
    for (const key of [
      'Home',
      'ArrowDown',
      'ArrowRight',
      'ArrowUp',
      'ArrowLeft',
      'ArrowUp',
      'End',
    ]) {
      for (let steps = 0; steps < 4; steps += 1) {
        await page.keyboard.press(key)
        points.set((await link.getAttribute('href')) ?? '', (await link.textContent()) ?? '')
      }
    }
    return points
  }

  test('of errors leads from each of its points to as many traces', async () => {
    const page = await openOverview('/')
    const points = await readPoints(page, 'Errors')
    expect(points.size).toBeGreaterThan(1)
    for (const [href, text] of points) {
      const [, count = ''] = /, ([\d,]+) requests?\. Show/.exec(text) ?? []
      expect(await countBehind(href), `${text} ${href}`).toBe(toNumber(count))
    }
    await page.close()
  })

  test.each(['Rate', 'Duration, p95'])('of %s leads from each point to some', async (title) => {
    const page = await openOverview('/')
    const points = await readPoints(page, title)
    expect(points.size).toBeGreaterThan(4)
    for (const [href, text] of points) {
      expect(text).toMatch(
        /\d\d:\d\d:\d\d – \d\d:\d\d:\d\d, [\d.e-]+ ?(?:\/s|ms)\. Show its traces\.$/,
      )
      expect(await countBehind(href), `${text} ${href}`).toBeGreaterThan(0)
    }
    await page.close()
  })

  test('under the pointer leads from the part of a bar that is pointed at, and from nothing to no point', async () => {
    const page = await openOverview('/')
    const chart = page.locator('.chart').nth(1)
    const part = async (color: string) => {
      const box = await chart.locator(`.is-${color}-fill .bar-rect`).last().boundingBox()
      if (box === null) throw new Error(`expected a bar of ${color}`)
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
      return chart.locator('.plot-link').getAttribute('href')
    }
    await expect.poll(() => part('4xx')).toContain('status=4xx')
    await expect.poll(() => part('5xx')).toContain('status=5xx')
    const plot = await chart.locator('.plot').boundingBox()
    if (plot === null) throw new Error('expected a plot')
    await page.mouse.move(plot.x + 80, plot.y + 60)
    await expect.poll(() => chart.locator('.tip').count()).toBe(0)
    await page.close()
  })
})
