import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  buildGroup,
  buildLogRecord,
  spanIdOf,
  traceIdOf,
} from '../../collector/testing/build-telemetry.ts'
import { findViolations } from './testing/find-violations.ts'
import { type OpenBrowser, openBrowser } from './testing/open-browser.ts'
import { sendTelemetry, startViewer } from './testing/start-viewer.ts'
import { buildTraces } from './testing/synthetic-traces.ts'

// What readers' own settings ask for: contrast, zoom, no motion, another time zone, paper.

const resources = new AsyncDisposableStack()
let browser: OpenBrowser
let url = ''
const nowMillis = Date.now()

beforeAll(async () => {
  browser = resources.use(await openBrowser())
  const collector = resources.use(await startViewer())
  url = collector.url
  for (const groups of buildTraces(200, nowMillis)) await sendTelemetry(collector, groups)
  const records = Array.from({ length: 60 }, (_, n) =>
    buildLogRecord({
      timeNanos: BigInt(nowMillis - n) * 1_000_000n,
      traceId: traceIdOf(5),
      spanId: spanIdOf(10),
    }),
  )
  await sendTelemetry(collector, [], [buildGroup(records)])
})
afterAll(() => resources.disposeAsync())

const views = [
  { name: 'overview', path: '/?window=all', shows: 'table.operations td' },
  { name: 'traces', path: '/traces', shows: '.row-link' },
  { name: 'trace', path: `/traces/${traceIdOf(5)}`, shows: '[role=treeitem]' },
  { name: 'comparison', path: '/compare?operation=GET+%2Fready', shows: '.step' },
  { name: 'logs', path: '/logs', shows: '.log-row' },
] as const

describe('where the system takes all colours', () => {
  /** Marks that say something by their colour alone, and would not be there without it. */
  const marks = [
    ['/?window=all', ['.operations .dot', '.range-line', '.range-mark']],
    ['/traces', ['.trace-row .dot', '.duration-bar']],
    [`/traces/${traceIdOf(5)}`, ['.waterfall .bar', '.swatch', '.stack i', '.opener::before']],
    ['/compare?operation=GET+%2Fready', ['.lanes .dot', '.parts-bar i', '.step-lane > .bar']],
  ] as const
  test.each(marks)('the marks of %s keep theirs', async (path, selectors) => {
    const { page } = await browser.open(`${url}${path}`, { forcedColors: true })
    for (const selector of selectors) {
      const [element = '', pseudo] = selector.split('::')
      await page.locator(element).first().waitFor({ state: 'attached' })
      const looks: unknown = await page.evaluate(
        `(() => {
          const style = getComputedStyle(document.querySelector('${element}'), ${pseudo ? `'::${pseudo}'` : 'null'})
          return { kept: style.forcedColorAdjust, ground: style.backgroundColor }
        })()`,
      )
      expect(looks, selector).toMatchObject({ kept: 'none' })
      if (pseudo === undefined) {
        expect(looks, selector).not.toMatchObject({ ground: 'rgba(0, 0, 0, 0)' })
        expect(looks, selector).not.toMatchObject({ ground: 'rgb(255, 255, 255)' })
      }
    }
    await page.close()
  })

  test('what is chosen among several is seen', async () => {
    const { page } = await browser.open(`${url}/`, { forcedColors: true })
    const ground = (selector: string) =>
      page.evaluate(`getComputedStyle(document.querySelector('${selector}')).backgroundColor`)
    await page.locator('.segments a').first().waitFor()
    expect(await ground('.segments a[aria-current]')).not.toBe(
      await ground('.segments a:not([aria-current])'),
    )
    await page.close()
  })
})

describe.each([
  ['200 %', 640, 400],
  ['400 %', 320, 256],
])('zoomed to %s', (_, width, height) => {
  test.each(views)('$name is all reached', async ({ path, shows }) => {
    const { page } = await browser.open(`${url}${path}`, { width, height })
    const first = page.locator(shows).first()
    await first.waitFor()
    await first.scrollIntoViewIfNeeded()
    const box = await first.boundingBox()
    expect(box?.y).toBeGreaterThanOrEqual(0)
    expect(box?.y).toBeLessThan(height)
    expect(box?.width).toBeGreaterThan(20)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    for (const list of await page.locator('.rows-scroller').all()) {
      expect((await list.boundingBox())?.height).toBeGreaterThan(80)
    }
    await page.close()
  })
})

test.each([
  ['/?window=all', ['table.operations td', '.operation-link']],
  ['/traces', ['.row-link', '.trace-row .cell-status', '.trace-row .cell-duration']],
  [`/traces/${traceIdOf(5)}`, ['.waterfall-row .text', '.facts dd', '.attributes th']],
  ['/compare?operation=GET+%2Fready', ['.lanes td', '.step-button']],
  ['/logs', ['.log-row .body', '.log-row .service-name']],
] as const)(
  'at %s what is read has 14 pixels, and nothing less than 12',
  async (path, selectors) => {
    const { page } = await browser.open(`${url}${path}`)
    for (const selector of selectors) {
      await page.locator(selector).first().waitFor()
      const size = `getComputedStyle(document.querySelector('${selector}')).fontSize`
      expect(await page.evaluate(size), selector).toBe('14px')
    }
    const sizes = await page.evaluate(
      `[...document.querySelectorAll('body *')].filter((one) => one.checkVisibility()).map((one) => parseFloat(getComputedStyle(one).fontSize))`,
    )
    expect(Array.isArray(sizes) && Math.min(...sizes.map(Number))).toBeGreaterThan(11.9)
    await page.close()
  },
)

test.each(['/?window=all', '/compare', '/logs'])(
  'on a tablet no control and no card of %s stands alone on a line',
  async (path) => {
    const { page } = await browser.open(`${url}${path}`, { width: 768, height: 1024 })
    await page.locator('.filters').waitFor()
    await page.waitForTimeout(300)
    const alone =
      await page.evaluate(`[...document.querySelectorAll('.filters, .charts')].flatMap((row) => {
      const boxes = [...row.children].map((one) => one.getBoundingClientRect()).filter(({ width }) => width > 0)
      return boxes.filter((box) => box.width < row.clientWidth * 0.9 && boxes.length > 1 &&
        !boxes.some((other) => other !== box && other.top < box.bottom && box.top < other.bottom)).map(({ top }) => top)
    })`)
    expect(alone).toEqual([])
    await page.close()
  },
)

test.each([
  ['/?window=all', 'table.operations'],
  ['/traces', '.trace-table'],
  ['/logs', '.log-table'],
  ['/compare?operation=GET+%2Fready', 'table.lanes'],
])('a wide screen is used by %s, and its text keeps a readable measure', async (path, table) => {
  const { page } = await browser.open(`${url}${path}`, { width: 2560, height: 1300 })
  await page.locator(table).first().waitFor()
  expect((await page.locator(table).first().boundingBox())?.width).toBeGreaterThan(2_500)
  const wide = await page.evaluate(`[...document.querySelectorAll('main p')].filter((one) =>
    getComputedStyle(one).display === 'block' && one.textContent.length > 180 && one.clientWidth > 1100).length`)
  expect(wide).toBe(0)
  await page.close()
})

test('a telephone shows as much of a row as a wide screen, in two lines', async () => {
  const { page } = await browser.open(`${url}/traces`, { width: 360 })
  const row = page.locator('.trace-row:not(.is-header)').first()
  await row.waitFor()
  expect(await row.locator('.cell-runtime').innerText()).toMatch(/node|deno|bun|workers|lambda/)
  expect(await row.locator('.cell-time').innerText()).toMatch(/\d\d:\d\d:\d\d/)
  expect((await row.boundingBox())?.height).toBe(50)
  for (const cell of ['.cell-name', '.cell-runtime', '.cell-time', '.cell-status']) {
    expect((await row.locator(cell).boundingBox())?.width, cell).toBeGreaterThan(20)
  }
  expect(await findViolations(page)).toEqual([])
  await page.goto(`${url}/logs`)
  await page.locator('.log-row').first().waitFor()
  for (const cell of ['.body', '.runtime', '.cell-time', '.severity']) {
    const box = await page.locator('.log-row').first().locator(cell).boundingBox()
    expect(box?.width, cell).toBeGreaterThan(20)
  }
  expect(await findViolations(page)).toEqual([])
  await page.close()
})

test('nothing moves for who asked for that, and the dot breathes for others', async () => {
  const animation = async (moves: boolean) => {
    const { page } = await browser.open(`${url}/`, { moves })
    await page.locator('.live.is-live .dot').waitFor()
    const name = await page.evaluate(
      `getComputedStyle(document.querySelector('.live .dot')).animationName`,
    )
    await page.close()
    return name
  }
  expect(await animation(false)).toBe('none')
  expect(await animation(true)).toBe('breathe')
})

describe.each(['Australia/Adelaide', 'America/St_Johns'])('a reader in %s', (timeZone) => {
  test('sees times of that zone, named, and the precise one in UTC on hover', async () => {
    const { page } = await browser.open(`${url}/traces`, { timeZone })
    const cell = page.locator('.trace-row:not(.is-header) .cell-time').first()
    await cell.waitFor()
    const precise = (await cell.getAttribute('title')) ?? ''
    expect(precise).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/)
    const clock = new Date(`${precise.slice(0, 23)}Z`).toLocaleTimeString('en-GB', { timeZone })
    expect(await cell.textContent()).toContain(clock)
    expect(await page.locator('footer').textContent()).toContain(`times in ${timeZone}`)

    await page.goto(`${url}/?window=all`)
    await page.getByRole('link', { name: /^Rate over time/ }).focus()
    await page.keyboard.press('End')
    const point = (await page.locator('.plot-link').first().textContent()) ?? ''
    const [, end = ''] =
      /spanEnd=(\d+)/.exec((await page.locator('.plot-link').first().getAttribute('href')) ?? '') ??
      []
    const until = new Date(Number(BigInt(end) / 1_000_000n)).toLocaleTimeString('en-GB', {
      timeZone,
    })
    expect(point).toContain(`– ${until},`)
    await page.close()
  })
})

describe('on paper', () => {
  const countRows = (page: Page, selector: string) => page.locator(selector).count()

  test('a list has all its rows and no controls, and afterwards it is as before', async () => {
    const { page } = await browser.open(`${url}/logs`)
    await page.locator('.log-row').first().waitFor()
    const before = await countRows(page, '.log-row')
    expect(before).toBeLessThan(60)
    await page.emulateMedia({ media: 'print' })
    await page.evaluate(`dispatchEvent(new Event('beforeprint'))`)
    await expect.poll(() => countRows(page, '.log-row')).toBe(60)
    expect(await page.getByRole('navigation').isVisible()).toBe(false)
    expect(await page.getByRole('button', { name: 'Live' }).isVisible()).toBe(false)
    expect(await page.locator('.log-row').last().isVisible()).toBe(true)
    const heights = await page.evaluate(
      `[document.documentElement.scrollHeight, document.querySelector('.rows-scroller').clientHeight]`,
    )
    expect(heights).toEqual([expect.any(Number), expect.any(Number)])
    if (Array.isArray(heights))
      expect(Math.min(...heights.map(Number))).toBeGreaterThanOrEqual(60 * 28)
    await page.emulateMedia({ media: 'screen' })
    await page.evaluate(`dispatchEvent(new Event('afterprint'))`)
    await expect.poll(() => countRows(page, '.log-row')).toBe(before)
    await page.close()
  })

  test.each(views)('nothing of $name is cut off', async ({ path, shows }) => {
    const { page } = await browser.open(`${url}${path}`, { height: 500 })
    await page.locator(shows).first().waitFor()
    await page.emulateMedia({ media: 'print' })
    await page.evaluate(`dispatchEvent(new Event('beforeprint'))`)
    const readHeights = () =>
      page.evaluate(`(() => {
        const main = document.querySelector('main')
        return [main.scrollHeight - main.clientHeight, document.documentElement.scrollHeight - main.scrollHeight < 0]
      })()`)
    await expect.poll(readHeights).toEqual([0, false])
    await page.close()
  })

  test.each(['/traces', '/logs'])('%s takes as many pages as it needs', async (path) => {
    const { page } = await browser.open(`${url}${path}`)
    await page.locator('.rows-seen > *').first().waitFor()
    const document = (await page.pdf({ format: 'A5' })).toString('latin1')
    expect(document.match(/\/Type \/Page\b(?!s)/g)?.length).toBeGreaterThan(1)
    await page.close()
  })
})
