import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  buildAttributes,
  buildGroup,
  buildLogRecord,
  buildSpan,
  spanIdOf,
  traceIdOf,
} from '../../collector/testing/build-telemetry.ts'
import { type OpenBrowser, openBrowser } from './testing/open-browser.ts'
import { sendTelemetry, startViewer } from './testing/start-viewer.ts'

// Names, depths, widths and clocks as no one would choose them, and some will send them.

const resources = new AsyncDisposableStack()
let browser: OpenBrowser
let url = ''
const ids = {
  long: traceIdOf(1),
  monster: traceIdOf(2),
  deep: traceIdOf(3),
  wide: traceIdOf(4),
  skew: traceIdOf(5),
}
const longRuntime = 'a-runtime-with-a-name-that-is-longer-than-any-column'

beforeAll(async () => {
  browser = resources.use(await openBrowser())
  const collector = resources.use(await startViewer())
  url = collector.url
  const now = BigInt(Date.now()) * 1_000_000n
  const millis = (n: number) => now + BigInt(Math.round(n * 1_000)) * 1_000n
  const named = (traceId: string, name: string) => [
    buildSpan({
      traceId,
      name,
      startNanos: now,
      endNanos: millis(5),
      attributes: buildAttributes({ big: 'word '.repeat(100_000), route: name }),
    }),
    buildSpan({
      traceId,
      spanId: spanIdOf(2),
      parentSpanId: spanIdOf(1),
      name: `${name} below`,
      startNanos: now,
      endNanos: millis(1),
    }),
  ]
  const body = 'log '.repeat(50_000)
  await sendTelemetry(
    collector,
    [
      buildGroup(named(ids.long, `GET /${'segment/'.repeat(80)}`), { runtime: longRuntime }),
      buildGroup(named(ids.monster, 'x'.repeat(20_000)), { runtime: 'bun' }),
    ],
    [
      buildGroup(
        [buildLogRecord({ timeNanos: now, body, traceId: ids.long, spanId: spanIdOf(1) })],
        { runtime: longRuntime },
      ),
    ],
  )
  const deep = Array.from({ length: 300 }, (_, n) =>
    buildSpan({
      traceId: ids.deep,
      kind: n === 0 ? 2 : 1,
      spanId: spanIdOf(n + 1),
      parentSpanId: n === 0 ? '' : spanIdOf(n),
      name: `level ${n + 1}`,
      startNanos: millis(n),
      endNanos: millis(700 - n),
      status: { code: n === 200 ? 2 : 0, message: '' },
    }),
  )
  const wide = Array.from({ length: 2_000 }, (_, n) =>
    buildSpan({
      traceId: ids.wide,
      kind: n === 0 ? 2 : 1,
      spanId: spanIdOf(n + 1),
      parentSpanId: n === 0 ? '' : spanIdOf(1),
      name: `part ${n}`,
      startNanos: millis(n / 10),
      endNanos: millis(n === 0 ? 300 : n / 10 + 2),
    }),
  )
  const below = { traceId: ids.skew, parentSpanId: spanIdOf(1), kind: 3 }
  const skew = [
    buildSpan({ traceId: ids.skew, name: 'GET /skew', startNanos: now, endNanos: millis(50) }),
    buildSpan({
      ...below,
      spanId: spanIdOf(2),
      name: 'early',
      startNanos: millis(-30),
      endNanos: millis(-10),
    }),
    buildSpan({
      ...below,
      spanId: spanIdOf(3),
      name: 'backwards',
      startNanos: millis(10),
      endNanos: millis(5),
    }),
    buildSpan({
      ...below,
      spanId: spanIdOf(4),
      name: 'ahead',
      startNanos: millis(3_600_000),
      endNanos: millis(3_600_010),
    }),
  ]
  await sendTelemetry(collector, [buildGroup(deep), buildGroup(wide), buildGroup(skew)])
})
afterAll(() => resources.disposeAsync())

describe.each([360, 1280])('at a width of %d', (width) => {
  test.each([
    ['/', 'table.operations td'],
    ['/traces', '.row-link'],
    [`/traces/${ids.long}`, '[role=treeitem]'],
    [`/traces/${ids.monster}`, '[role=treeitem]'],
    ['/logs', '.log-row'],
    [`/compare?trace=${ids.long}&trace=${ids.monster}`, '.step'],
  ])('names at %s are cut before they push anything away', async (path, shows) => {
    const { page, errors } = await browser.open(`${url}${path}`, { width })
    await page.locator(shows).first().waitFor()
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    for (const heading of await page.locator('h1, table.operations tbody th').all()) {
      expect((await heading.boundingBox())?.height).toBeLessThan(140)
    }
    const overlaps = await page.evaluate(`
      [...document.querySelectorAll('.trace-row:not(.is-header), .log-row, .waterfall-name')].some((row) => {
        const boxes = [...row.children].map((cell) => cell.getBoundingClientRect()).filter(({ width, height }) => width > 1 && height > 1)
        return boxes.some((a) => boxes.some((b) =>
          a !== b && a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1))
      })`)
    expect(overlaps).toBe(false)
    expect(errors).toEqual([])
    await page.close()
  })
})

test('a long value is shown in part until somebody asks for all of it', async () => {
  const { page } = await browser.open(`${url}/traces/${ids.long}`)
  const value = page.locator('.attributes .value').first()
  await value.waitFor()
  expect((await value.textContent())?.length).toBeLessThan(2_100)
  await value.getByRole('button', { name: 'Show all 500,000 characters' }).click()
  await expect.poll(async () => (await value.textContent())?.length).toBe(500_000)
  await page.close()
})

test('a span three hundred levels down has its name, and its level', async () => {
  const { page } = await browser.open(`${url}/traces/${ids.deep}`, { width: 900 })
  await page.getByRole('button', { name: 'Next of 1 error' }).click()
  const row = page.getByRole('treeitem', { selected: true })
  await expect.poll(() => row.locator('.text').textContent()).toBe('level 201')
  expect((await row.locator('.text').boundingBox())?.width).toBeGreaterThan(40)
  expect(await row.locator('.level').textContent()).toBe('201')
  expect(await row.getAttribute('aria-level')).toBe('201')
  await page.close()
})

test('2,000 spans are walked to the end, with few in the document', async () => {
  const { page, errors } = await browser.open(`${url}/traces/${ids.wide}`)
  const tree = page.getByRole('tree')
  await tree.getByRole('treeitem').first().waitFor()
  await tree.focus()
  await page.keyboard.press('End')
  await expect
    .poll(() => tree.getByRole('treeitem', { selected: true }).locator('.text').textContent())
    .toBe('part 1999')
  expect(await tree.getByRole('treeitem').count()).toBeLessThan(100)
  await page.goto(`${url}/compare?trace=${ids.wide}&trace=${ids.skew}`)
  const more = page.getByRole('button', { name: /^Show [\d,]+ more steps$/ })
  await more.waitFor()
  expect(await page.locator('.step').count()).toBeLessThan(320)
  await more.click()
  await expect.poll(() => page.locator('.step').count(), { timeout: 10_000 }).toBe(1_001)
  expect(await page.getByText('1,004 more steps not shown here').count()).toBe(1)
  expect(errors).toEqual([])
  await page.close()
})

test('clocks that do not agree are told of, and a scale of an hour is in minutes', async () => {
  const { page } = await browser.open(`${url}/traces/${ids.skew}`)
  const details = page.getByRole('complementary', { name: 'Details' })
  await page.getByRole('treeitem', { name: /^early/ }).click()
  await expect.poll(() => details.textContent()).toContain('It begins 30.0 ms before its parent')
  await page.getByRole('treeitem', { name: /^backwards/ }).click()
  await expect.poll(() => details.textContent()).toContain('It ends 5.00 ms before it begins')
  expect(await page.locator('.waterfall-row.is-scale').textContent()).toBe(
    '0 ms15 min30 min45 min1 h',
  )
  await page.close()
})

test('of a thousand events, attributes and log records of one span some are shown, and more when asked for', async () => {
  await using collector = await startViewer()
  const startNanos = BigInt(Date.now()) * 1_000_000n
  const many = Array.from({ length: 1_000 }, (_, n) => n)
  const span = buildSpan({
    startNanos,
    endNanos: startNanos + 1_000_000n,
    attributes: buildAttributes(Object.fromEntries(many.map((n) => [`key.${n}`, `value ${n}`]))),
    events: many.map((n) => ({
      timeNanos: startNanos,
      name: `event ${n}`,
      attributes: [],
      droppedAttributesCount: 0,
    })),
    droppedEventsCount: 7,
  })
  const records = many.map((n) =>
    buildLogRecord({
      timeNanos: startNanos,
      body: `record ${n}`,
      traceId: traceIdOf(1),
      spanId: spanIdOf(1),
    }),
  )
  await sendTelemetry(collector, [buildGroup([span])], [buildGroup(records)])
  const { page } = await browser.open(`${collector.url}/traces/${traceIdOf(1)}`)
  const details = page.getByRole('complementary', { name: 'Details' })
  await details.getByText('7 events dropped by the sender').waitFor()
  expect(await details.locator('.event').count()).toBe(400)
  expect(await details.locator('.attributes tr').count()).toBeLessThan(210)
  await details.getByRole('button', { name: 'Show more of 800 further attributes' }).click()
  await expect.poll(() => details.getByText('value 399', { exact: true }).count()).toBe(1)
  expect(await details.getByText('value 400', { exact: true }).count()).toBe(0)
  await page.close()
})
