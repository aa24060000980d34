import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  buildAttributes,
  buildGroup,
  buildLogRecord,
  buildSpan,
  spanIdOf,
  traceIdOf,
} from '../../collector/testing/build-telemetry.ts'
import type { Span } from '../../otlp/model.ts'
import { findViolations } from './testing/find-violations.ts'
import { type OpenBrowser, openBrowser } from './testing/open-browser.ts'
import { sendTelemetry, startViewer } from './testing/start-viewer.ts'
import { nanosAgo } from './testing/synthetic-traces.ts'

const resources = new AsyncDisposableStack()
let browser: OpenBrowser
let url = ''
const ids = { plain: traceIdOf(1), deep: traceIdOf(2), absurd: traceIdOf(3), many: traceIdOf(4) }

const stack = [
  'TypeError: cannot read properties of undefined (reading id)',
  ...Array.from({ length: 5 }, (_, n) => `    at handler (/app/src/routes/checkout-${n}.ts:12:3)`),
].join('\n')

beforeAll(async () => {
  browser = resources.use(await openBrowser())
  const collector = resources.use(await startViewer())
  url = collector.url
  const now = nanosAgo(60_000)
  const after = (millis: number) => now + BigInt(Math.round(millis * 1e6))
  const span = (trace: number, n: number, parent: number, own: Partial<Span>) =>
    buildSpan({
      traceId: traceIdOf(trace),
      spanId: spanIdOf(trace * 10_000 + n),
      parentSpanId: parent === 0 ? '' : spanIdOf(trace * 10_000 + parent),
      name: `span ${n}`,
      kind: 1,
      startNanos: now,
      endNanos: after(100),
      ...own,
    })
  const thrown = {
    name: 'exception',
    timeNanos: after(70),
    droppedAttributesCount: 0,
    attributes: buildAttributes({ 'exception.stacktrace': stack }),
  }
  const acquired = {
    name: 'db.connection.acquired',
    timeNanos: after(50),
    droppedAttributesCount: 0,
    attributes: [],
  }
  const statement = span(1, 2, 1, {
    name: 'SELECT todos',
    kind: 3,
    startNanos: after(40),
    endNanos: after(80),
    events: [acquired, thrown],
    status: { code: 2, message: 'boom' },
    attributes: buildAttributes({
      'db.system.name': 'postgresql',
      'a.name.of.very_many_words.that_is_long': 'x',
    }),
  })
  await sendTelemetry(
    collector,
    [
      buildGroup([
        span(1, 1, 0, { kind: 2, name: 'GET /checkout' }),
        statement,
        span(1, 3, 2, { startNanos: after(60), endNanos: after(61) }),
        ...Array.from({ length: 64 }, (_, n) => span(2, n + 1, n, {})),
        span(3, 1, 0, { kind: 2 }),
        span(3, 2, 1, { name: 'in 1970', startNanos: 5n, endNanos: 10n }),
        span(3, 3, 1, { name: 'until 2554', endNanos: 2n ** 64n - 1n }),
        span(3, 4, 1, { name: 'backwards', startNanos: after(50), endNanos: after(20) }),
      ]),
      buildGroup([
        span(4, 1, 0, {}),
        ...Array.from({ length: 4_999 }, (_, n) =>
          span(4, n + 2, Math.floor(n / 3) + 1, {
            startNanos: after(n / 60),
            endNanos: after(n / 50),
          }),
        ),
      ]),
    ],
    [
      buildGroup([
        buildLogRecord({
          traceId: ids.plain,
          spanId: spanIdOf(10_001),
          timeNanos: after(90),
          body: 'paid',
        }),
      ]),
    ],
  )
})
afterAll(() => resources.disposeAsync())

async function open(id: string, options: Parameters<OpenBrowser['open']>[1] = {}) {
  const opened = await browser.open(`${url}/traces/${id}`, { width: 1440, height: 900, ...options })
  await opened.page.getByRole('treeitem').first().waitFor()
  return opened
}

const scaleOf = (page: Page) => page.locator('.waterfall-row.is-scale').textContent()
const boxOf = async (page: Page, selector: string) => {
  const box = await page.locator(selector).first().boundingBox()
  if (box === null) throw new Error(`${selector}: expected it to be seen`)
  return box
}

test('the column of names is as wide as the reader makes it, also in the next trace', async () => {
  const { page, errors } = await open(ids.plain)
  const separator = page.getByRole('separator', { name: 'Width of the names' })
  const width = async () => (await boxOf(page, '.waterfall-name')).width
  const before = await width()
  await separator.focus()
  for (let n = 0; n < 5; n += 1) await page.keyboard.press('ArrowRight')
  await expect.poll(width).toBeGreaterThan(before * 1.2)
  expect(await separator.getAttribute('aria-valuenow')).toBe('44')

  const box = await boxOf(page, '.name-separator')
  await page.mouse.move(box.x + 4, box.y + 80)
  await page.mouse.down()
  await page.mouse.move(box.x + 2_000, box.y + 80)
  await page.mouse.up()
  await expect.poll(() => separator.getAttribute('aria-valuenow')).toBe('75')
  const wide = await width()
  // The line is where the names end, whatever room the scroll bar takes.
  expect(
    Math.abs((await boxOf(page, '.name-separator')).x - (await boxOf(page, '.lane')).x),
  ).toBeLessThan(12)

  await page.goto(`${url}/traces/${ids.deep}`)
  await page.getByRole('treeitem').first().waitFor()
  expect(Math.abs((await width()) - wide)).toBeLessThan(2)
  await separator.dblclick()
  await expect.poll(() => separator.getAttribute('aria-valuenow')).toBe('34')
  expect(errors).toEqual([])
  await page.close()
})

test('dragging over the overview shows that part of the time, and a button shows all of it again', async () => {
  const { page } = await open(ids.plain)
  expect(await scaleOf(page)).toBe('0 ms20 ms40 ms60 ms80 ms100 ms')
  const map = await boxOf(page, '.minimap')
  await page.mouse.move(map.x + map.width * 0.4, map.y + 30)
  await page.mouse.down()
  await page.mouse.move(map.x + map.width * 0.6, map.y + 30, { steps: 4 })
  await page.mouse.up()

  await expect.poll(() => scaleOf(page)).toMatch(/4[0-9] ms.*5[0-9] ms/)
  expect(await scaleOf(page)).not.toContain('100 ms')
  const outside = page.getByRole('treeitem', { name: /^span 3/ })
  expect(await outside.locator('.bar').count()).toBe(0)
  expect(await outside.locator('.beyond-mark').count()).toBe(1)
  await page.getByRole('button', { name: 'Whole trace' }).click()
  await expect.poll(() => scaleOf(page)).toContain('100 ms')
  expect(await outside.locator('.bar').count()).toBe(1)
  await page.close()
})

test('by keys, the edges of the time shown move, z shows the selected span, and Escape all', async () => {
  const { page } = await open(ids.plain)
  const start = page.getByRole('slider', { name: 'Start of the time shown' })
  await start.focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await expect.poll(() => start.getAttribute('aria-valuetext')).toBe('19.0 ms into the trace')
  await page.getByRole('slider', { name: 'End of the time shown' }).press('Home')
  await expect.poll(() => page.getByRole('button', { name: 'Whole trace' }).count()).toBe(1)

  await page.getByRole('tree').focus()
  await page.keyboard.press('Escape')
  await expect.poll(() => scaleOf(page)).toContain('100 ms')
  await page.getByRole('treeitem', { name: /^SELECT todos/ }).click()
  await page.getByRole('treeitem', { name: /^SELECT todos/, selected: true }).waitFor()
  await page.keyboard.press('z')
  await expect.poll(() => scaleOf(page)).toBe('40 ms50 ms60 ms70 ms80 ms')
  await page.close()
})

test('all spans are collapsed and expanded at once', async () => {
  const { page } = await open(ids.many)
  const items = page.getByRole('treeitem')
  await page.getByRole('button', { name: 'Collapse all' }).click()
  await expect.poll(() => items.count()).toBe(1)
  expect(await items.first().textContent()).toContain('+4999')
  await page.getByRole('button', { name: 'Expand all' }).click()
  await expect.poll(() => items.count()).toBeGreaterThan(20)
  expect(await page.getByRole('button', { name: 'Expand all' }).isDisabled()).toBe(true)
  await page.close()
})

test('the legend names the colours and marks that occur, and no others', async () => {
  const { page } = await open(ids.plain)
  const legend = page.getByRole('list', { name: 'Legend' }).getByRole('listitem')
  const texts = async () => (await legend.allTextContents()).map((text) => text.trim())

  expect(await texts()).toEqual([
    'server',
    'database',
    'waiting for a connection',
    'other work',
    'failed',
    'event',
    'log record',
  ])
  await page.goto(`${url}/traces/${ids.absurd}`)
  await expect.poll(texts).toEqual(['server', 'other work', 'impossible time'])
  await page.close()
})

test('in a trace 64 deep each level is further in than the one above, and every name can be read', async () => {
  const { page } = await open(ids.deep)
  await page.getByRole('tree').focus()
  const placeOf = async (name: string) => {
    const text = page.getByRole('treeitem', { name: new RegExp(`${name}\\b`) }).locator('.text')
    await text.waitFor()
    return (await text.boundingBox()) ?? { x: 0, width: 0 }
  }
  const first = await placeOf('span 2')
  const tenth = await placeOf('span 10')
  await page.keyboard.press('End')
  const before = await placeOf('span 63')
  const last = await placeOf('span 64')

  expect(tenth.x).toBeGreaterThan(first.x + 10)
  expect(last.x).toBeGreaterThan(before.x + 1)
  expect(last.width).toBeGreaterThan(40)
  expect(
    await page
      .getByRole('treeitem', { name: /span 64\b/ })
      .locator('.level')
      .textContent(),
  ).toBe('64')
  await page.close()
})

test('absurd times do not stretch the axis, and are named with their number', async () => {
  const { page } = await open(ids.absurd)

  expect(await scaleOf(page)).toBe('0 ms20 ms40 ms60 ms80 ms100 ms')
  expect(await page.locator('.note', { hasText: 'Impossible' }).textContent()).toBe(
    'Impossible times, which the time axis leaves out: 3 of its spans: 1 × begins in 1970, 1 × ends in 2554, 1 × ends before it begins.',
  )
  const row = page.getByRole('treeitem', { name: /^backwards/ })
  expect(await row.locator('.bar-label').textContent()).toBe('✗ ends 30.0 ms before it begins')
  await page.getByRole('treeitem', { name: /^in 1970/ }).click()
  const details = page.getByRole('complementary', { name: 'Details' })
  await expect.poll(() => details.textContent()).toContain('cannot be: it begins in 1970')
  expect(await details.textContent()).not.toContain('into the trace')
  await page.close()
})

test('a stack trace has the width of the panel, and a name goes on in the next line behind a dot', async () => {
  const { page } = await open(ids.plain)
  await page.getByRole('treeitem', { name: /^SELECT todos/ }).click()
  const panel = await boxOf(page, '.trace-details')
  await page.locator('.value.is-wide').waitFor()
  expect((await boxOf(page, '.value.is-wide')).width).toBeGreaterThan(panel.width * 0.85)

  // The character before each line break of the browser's.
  const lines: unknown = await page.evaluate(`(() => {
    const cells = [...document.querySelectorAll('.attributes th')]
    const range = document.createRange()
    const ends = []
    let top = NaN
    let before = ''
    for (const node of cells.find((cell) => cell.textContent.startsWith('a.name.of')).childNodes) {
      for (let at = 0; node instanceof Text && at < node.length; at += 1) {
        range.setStart(node, at)
        range.setEnd(node, at + 1)
        const own = range.getBoundingClientRect().top
        if (own > top + 2) ends.push(before)
        top = own
        before = node.data[at]
      }
    }
    return ends
  })()`)
  expect(lines).toContain('.')
  expect(new Set(Array.isArray(lines) ? lines : [])).toEqual(new Set(['.']))
  await page.close()
})

test.each(['light', 'dark'] as const)(
  'nothing of it offends axe in the %s theme',
  async (colorScheme) => {
    for (const width of [360, 1440]) {
      const { page, errors, foreignRequests } = await open(ids.plain, { colorScheme, width })
      await page.getByRole('treeitem', { name: /^SELECT todos/ }).click()
      expect(await findViolations(page)).toEqual([])
      expect([errors, foreignRequests]).toEqual([[], []])
      await page.close()
    }
  },
)
