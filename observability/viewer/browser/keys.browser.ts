import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  buildAttributes,
  buildGroup,
  buildSpan,
  spanIdOf,
  traceIdOf,
} from '../../collector/testing/build-telemetry.ts'
import { shortcuts } from '../page/state/shortcuts.ts'
import { findViolations } from './testing/find-violations.ts'
import { type OpenBrowser, openBrowser } from './testing/open-browser.ts'
import { sendTelemetry, startViewer } from './testing/start-viewer.ts'
import { nanosAgo } from './testing/synthetic-traces.ts'

// Every key that `?` lists does something where it says so, and none of them does anything while somebody types.

const resources = new AsyncDisposableStack()
let browser: OpenBrowser
let url = ''

/** A request with three steps, of which the middle one has one below it, and two that failed. */
const request = (n: number, agoMillis: number) => {
  const at = nanosAgo(agoMillis)
  const step = (id: number, parent: number, code = 0) =>
    buildSpan({
      traceId: traceIdOf(n),
      spanId: spanIdOf(n * 10 + id),
      parentSpanId: parent === 0 ? '' : spanIdOf(n * 10 + parent),
      kind: id === 1 ? 2 : 1,
      name: id === 1 ? 'GET /keys' : `step ${id}`,
      startNanos: at + BigInt(id) * 1_000_000n,
      endNanos: at + BigInt(id === 1 ? 20 : id + 3) * 1_000_000n,
      status: { code, message: '' },
      attributes: buildAttributes({ 'http.response.status_code': 200n }),
    })
  return [step(1, 0), step(2, 1, 2), step(3, 1), step(4, 3), step(8, 1, 2)]
}

beforeAll(async () => {
  browser = resources.use(await openBrowser())
  const collector = resources.use(await startViewer())
  url = collector.url
  const minutes = [1, 3, 5, 7, 9, 11]
  await sendTelemetry(
    collector,
    ['node', 'deno'].map((runtime, lane) =>
      buildGroup(
        minutes.flatMap((minute) => request(minute + lane, minute * 60_000)),
        { runtime },
      ),
    ),
  )
})
afterAll(() => resources.disposeAsync())

const inPage = (page: Page, script: string) => page.evaluate(`String(${script})`)
const focused = `document.activeElement.getAttribute('href') ?? document.activeElement.textContent`

/** How each place is reached, with something before and behind; and what a key may change there. */
const places = {
  page: {
    path: '/traces',
    async reach(page: Page) {
      await page.locator('.row-link').first().waitFor()
    },
    read: (page: Page) =>
      inPage(page, `[document.activeElement.id, document.querySelectorAll('dialog[open]').length]`),
  },
  list: {
    path: '/traces',
    async reach(page: Page) {
      await page.locator('.row-link').nth(3).focus()
    },
    read: (page: Page) =>
      inPage(page, `[location.href, document.querySelectorAll(':checked').length, ${focused}]`),
  },
  trace: {
    path: `/traces/${traceIdOf(1)}?span=${spanIdOf(13)}`,
    async reach(page: Page) {
      await page.getByLabel('Find in this trace').fill('step')
      await page.getByText('4 found').waitFor()
      await page.getByRole('tree').focus()
    },
    read: (page: Page) =>
      inPage(
        page,
        `[location.href, document.querySelectorAll('[role=treeitem]').length, document.querySelector('.is-scale').textContent]`,
      ),
  },
  edge: {
    path: `/traces/${traceIdOf(1)}`,
    async reach(page: Page) {
      await page.getByRole('slider', { name: 'Start of the time shown' }).focus()
      await page.keyboard.press('ArrowRight')
      await page.getByRole('button', { name: 'Whole trace' }).waitFor()
    },
    read: (page: Page) => inPage(page, `document.activeElement.getAttribute('aria-valuenow')`),
  },
  chart: {
    path: '/',
    async reach(page: Page) {
      await page.getByRole('link', { name: /^Rate over time: deno, node/ }).focus()
      await page.keyboard.press('End')
      await page.keyboard.press('ArrowLeft')
    },
    read: (page: Page) => inPage(page, `[location.href, ${focused}]`),
  },
  icicle: {
    path: '/compare?operation=GET+%2Fkeys',
    async reach(page: Page) {
      await page.locator('.icicle-box').filter({ hasText: 'step 3' }).first().click()
      await page.locator('.icicle-box').filter({ hasText: 'step 3' }).first().focus()
    },
    read: (page: Page) =>
      inPage(
        page,
        `[${focused}, document.activeElement.className, document.querySelector('.slowest-step').textContent]`,
      ),
  },
} as const

test.each(shortcuts.flatMap((one) => one.keys.map((key) => ({ ...one, key }))))(
  '$key ($place) does what is said: $does',
  async ({ place, action, key }) => {
    const { path, reach, read } = places[place]
    const { page, errors } = await browser.open(`${url}${path}`)
    await reach(page)
    // The chosen step is the focused one: choosing shows on another.
    if (place === 'icicle' && action === 'open') await page.keyboard.press('ArrowDown')
    if (action === 'showWhole') {
      await page.keyboard.press('z')
      await page.getByRole('button', { name: 'Whole trace' }).waitFor()
    }
    const before = await read(page)
    await page.keyboard.press(key === ' ' ? 'Space' : key)
    await expect.poll(() => read(page)).not.toBe(before)
    expect(errors).toEqual([])
    await page.close()
  },
)

describe('the keys', () => {
  test('are shown by ?, keep the focus while they are, and give it back on Escape', async () => {
    const { page } = await browser.open(`${url}/traces`)
    const row = page.locator('.row-link').nth(2)
    await row.focus()
    await page.keyboard.press('?')
    const dialog = page.getByRole('dialog', { name: 'Keys' })
    await dialog.waitFor()
    expect(await dialog.locator('dd').count()).toBe(shortcuts.length)
    expect(await findViolations(page)).toEqual([])
    for (let stops = 0; stops < 5; stops += 1) await page.keyboard.press('Tab')
    // The browser's own controls are next to it; of the page nothing else is reached.
    expect(
      await page.evaluate(
        `document.activeElement === document.body || document.activeElement.closest('dialog') !== null`,
      ),
    ).toBe(true)
    await page.keyboard.press('Escape')
    await expect.poll(() => dialog.count()).toBe(0)
    expect(await row.evaluate((element) => element.matches(':focus'))).toBe(true)
    await page.getByRole('button', { name: 'Keys: ?' }).click()
    await dialog.getByRole('button', { name: 'Close' }).click()
    await expect.poll(() => dialog.count()).toBe(0)
    await page.close()
  })

  test.each([
    ['/traces', 'Find'],
    ['/traces', 'Route'],
    ['/logs', 'Find'],
    ['/', 'Group by'],
    [`/traces/${traceIdOf(1)}`, 'Find in this trace'],
  ])('at %s are letters in the field %s', async (path, name) => {
    const { page } = await browser.open(`${url}${path}`)
    const field = page.getByLabel(name, { exact: true })
    await field.fill('')
    await field.focus()
    const letters = [...new Set(shortcuts.flatMap(({ keys }) => keys))].filter(
      (key) => key.length === 1,
    )
    await page.keyboard.type(letters.join(''))
    expect(await field.inputValue()).toBe(letters.join(''))
    expect(await page.getByRole('dialog').count()).toBe(0)
    expect(await page.locator(':checked:not(option)').count()).toBe(
      path.startsWith('/traces/') ? 1 : 0,
    )
    await page.close()
  })
})
