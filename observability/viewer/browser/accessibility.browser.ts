import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  buildGroup,
  buildLogRecord,
  spanIdOf,
  traceIdOf,
} from '../../collector/testing/build-telemetry.ts'
import { findViolations } from './testing/find-violations.ts'
import { type OpenBrowser, openBrowser } from './testing/open-browser.ts'
import { sendTelemetry, sendTraces, startViewer } from './testing/start-viewer.ts'

const resources = new AsyncDisposableStack()
let browser: OpenBrowser
let url = ''

beforeAll(async () => {
  browser = resources.use(await openBrowser())
  const collector = resources.use(await startViewer())
  url = collector.url
  await sendTraces(collector, 200)
  const records = [1, 9, 13, 17].map((severityNumber, n) =>
    buildLogRecord({
      timeNanos: BigInt(Date.now()) * 1_000_000n,
      severityNumber,
      traceId: traceIdOf(5),
      spanId: spanIdOf(10),
      eventName: `event.${n}`,
    }),
  )
  await sendTelemetry(collector, [], [buildGroup(records)])
})
afterAll(() => resources.disposeAsync())

const views = [
  { name: 'overview', path: '/', shows: 'table.operations' },
  { name: 'traces', path: '/traces', shows: '.row-link' },
  { name: 'trace', path: `/traces/${traceIdOf(5)}`, shows: '[role=treeitem]' },
  { name: 'comparison of an operation', path: '/compare?operation=GET+%2Fready', shows: '.step' },
  { name: 'choice of what to compare', path: '/compare', shows: '.choices li' },
  { name: 'logs', path: '/logs', shows: '.log-row' },
  { name: 'nothing', path: '/nowhere', shows: '.empty' },
] as const

describe.each(['light', 'dark'] as const)('in %s colours', (colorScheme) => {
  test.each(views)('axe finds nothing wrong with $name', async ({ path, shows }) => {
    const { page } = await browser.open(`${url}${path}`, { colorScheme })
    await page.locator(shows).first().waitFor()
    if (path === '/logs') await page.locator('.log-row button').first().click()
    for (const button of await page.locator('.step-button').all()) await button.click()

    expect(await findViolations(page)).toEqual([])
    await page.close()
  })
})

describe.each([360, 768, 1920])('at a width of %d', (width) => {
  test.each(views)('$name fits', async ({ path, shows }) => {
    const { page } = await browser.open(`${url}${path}`, { width })
    await page.locator(shows).first().waitFor()

    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    expect(await page.evaluate("document.querySelector('main').scrollWidth")).toBeLessThanOrEqual(
      width,
    )
    await page.close()
  })
})

test('every control of a view has a name', async () => {
  for (const { path, shows } of views) {
    const { page } = await browser.open(`${url}${path}`)
    await page.locator(shows).first().waitFor()
    for (const control of await page.locator('a, button, input, select').all()) {
      const html = String(await control.evaluate((element) => element.outerHTML))
      const hasName =
        (await control.getAttribute('aria-label')) !== null ||
        ((await control.textContent()) ?? '').trim() !== '' ||
        (await control.evaluate((element) => element.closest('label') !== null))
      expect(hasName, html.slice(0, 200)).toBe(true)
    }
    await page.close()
  }
})

test('the tree of a trace is walked, closed and opened by keyboard', async () => {
  const { page } = await browser.open(`${url}/traces/${traceIdOf(5)}`)
  const tree = page.getByRole('tree')
  await tree.getByRole('treeitem').first().waitFor()
  const all = await tree.getByRole('treeitem').count()
  const selected = () =>
    tree.getByRole('treeitem', { selected: true }).locator('.text').textContent()
  await tree.focus()
  expect(await selected()).toMatch(/^GET /)
  await page.keyboard.press('ArrowRight')
  await expect.poll(selected).not.toMatch(/^GET /)
  await page.keyboard.press('ArrowLeft')
  await expect.poll(selected).toMatch(/^GET /)
  await page.keyboard.press('ArrowLeft')
  await expect.poll(() => tree.getByRole('treeitem').count()).toBe(1)
  await page.keyboard.press('Enter')
  await expect.poll(() => tree.getByRole('treeitem').count()).toBe(all)
  await page.close()
})

test('the theme that was chosen is kept', async () => {
  const { page } = await browser.open(`${url}/`)
  await page.getByRole('button', { name: 'Change to light' }).click()
  await page.getByRole('button', { name: 'Change to dark' }).click()
  await page.reload()
  await expect.poll(() => page.locator('html').getAttribute('data-theme')).toBe('dark')
  await page.getByRole('button', { name: 'Change to system' }).click()
  await expect.poll(() => page.locator('html').getAttribute('data-theme')).toBeNull()
  await page.close()
})
