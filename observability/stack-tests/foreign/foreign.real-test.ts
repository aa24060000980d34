import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startProcess } from '../../plumbing/start-process.ts'
import { findViolations } from '../../viewer/browser/testing/find-violations.ts'
import { type OpenBrowser, openBrowser } from '../../viewer/browser/testing/open-browser.ts'
import { startViewer } from '../../viewer/browser/testing/start-viewer.ts'
import { preparePrograms, run } from './prepare-programs.ts'

// A service in Python that asks one in Go, each with the SDK of its language and the standard variables alone.

const resources = new AsyncDisposableStack()
let browser: OpenBrowser
let url = ''

beforeAll(async () => {
  const { cart, python } = await preparePrograms(() => {})
  browser = resources.use(await openBrowser())
  const collector = resources.use(await startViewer())
  url = collector.url
  const variables = (service: string) => ({
    ...process.env,
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_SERVICE_NAME: service,
    OTEL_RESOURCE_ATTRIBUTES: 'service.version=1.2.3',
  })
  const address = Promise.withResolvers<string>()
  const service = await startProcess({
    program: cart,
    args: [],
    env: variables('cart'),
    onLine: (line) => address.resolve(line.replace('listening on ', '')),
  })
  resources.defer(() => service.stop())
  const shop = join(import.meta.dirname, 'shop')
  await run(python, ['shop.py', await address.promise], shop, variables('shop'))
  // It sends what it has when it is asked to end.
  await service.stop()
})
afterAll(() => resources.disposeAsync())

async function open(path: string, shows: string) {
  const opened = await browser.open(`${url}${path}`)
  await opened.page.locator(shows).first().waitFor()
  return opened
}

test('the list has each request once, with both services, and alarms only the one that failed', async () => {
  const { page, errors } = await open('/traces', '.row-link')
  const rows = page.locator('.trace-row:not(.is-header)')
  await expect.poll(() => rows.count()).toBe(4)
  expect(await page.locator('.row-link').allTextContents()).toEqual(
    Array.from({ length: 4 }, () => 'POST /checkout'),
  )
  expect(await rows.locator('.cell-service').allTextContents()).toEqual(
    Array.from({ length: 4 }, () => 'shop+1'),
  )
  expect(await rows.locator('.cell-status').allTextContents()).toEqual(['502', '404', '200', '200'])
  // Its own span, its call, the server's and the statement below it; and the 404 was meant.
  expect(await page.locator('.trace-row .badge').allTextContents()).toEqual(['4 errors'])
  expect(
    await page.getByRole('combobox', { name: 'Service' }).locator('option').allTextContents(),
  ).toEqual(['any service', 'cart', 'shop'])
  expect(errors).toEqual([])
  await page.close()
})

test('a trace has the spans of both languages, their values, and what they logged', async () => {
  const { page, errors } = await open('/traces?status=502', '.row-link')
  await page.locator('.row-link').click()
  const tree = page.getByRole('tree')
  await expect.poll(() => tree.getByRole('treeitem').count()).toBeGreaterThan(5)
  expect(await tree.locator('.waterfall-row.is-span .text').allTextContents()).toEqual([
    'POST /checkout',
    'GET',
    'GET /cart/{id}',
    'SELECT carts',
  ])
  expect(
    await tree
      .locator('.waterfall-row.is-span .dot.is-service')
      .evaluateAll((dots) => dots.map((dot) => dot.getAttribute('title'))),
  ).toEqual(['shop', 'shop', 'cart', 'cart'])
  expect(await tree.locator('.of-service').allTextContents()).toEqual([
    'shop',
    'shop',
    'cart',
    'cart',
  ])
  expect(await tree.locator('.waterfall-row.is-log .text').allTextContents()).toEqual(
    expect.arrayContaining(['{"cart": "broken", "items": 2}', 'cart broken is broken']),
  )
  const details = page.getByRole('complementary', { name: 'Details' })
  await tree.getByRole('treeitem', { name: /^SELECT carts/ }).click()
  await details.getByText('relation carts does not exist').first().waitFor()
  expect(await details.textContent()).toContain('row read')
  expect(await details.getByRole('row', { name: 'cart.ids', exact: true }).textContent()).toMatch(
    /"broken",\s*"other"/,
  )
  await details.getByText('Resource and scope').click()
  await details.getByRole('row', { name: /^telemetry\.sdk\.language string go/ }).waitFor()
  expect((await page.locator('main').textContent()) ?? '').not.toContain('ms !')
  await page.getByText('cart, shop do not say how exact their clocks are').waitFor()
  expect(await findViolations(page)).toEqual([])
  expect(errors).toEqual([])
  await page.close()
})

test('the overview counts the requests of both, by service or version', async () => {
  const { page } = await open('/?by=service.name', 'table.operations td')
  for (const [name, count] of [
    ['shop', '4'],
    ['cart', '4'],
  ] as const) {
    const row = page.getByRole('row', { name: new RegExp(`${name} ${count} `) })
    await expect.poll(() => row.count()).toBe(1)
  }
  await page.getByLabel('Group by').fill('service.version')
  await page.getByLabel('Group by').press('Enter')
  await page.locator('table.operations').getByText('1.2.3').first().waitFor()
  await page.close()
})

test('records and metrics of both are listed', async () => {
  const { page } = await open('/logs?where=cart.id=broken', '.log-row')
  await expect
    .poll(() => page.locator('.log-row .body').allTextContents())
    .toEqual(['cart broken answered 500'])
  await page.goto(`${url}/sent-metrics`)
  for (const name of ['shop.basket', 'cart.reads', 'http.server.request.duration'])
    await page
      .getByRole('row', { name: new RegExp(name.replaceAll('.', '\\.')) })
      .first()
      .waitFor()
  await page.close()
})
