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
import type { ResourceGroup, Span } from '../../otlp/model.ts'
import { type OpenBrowser, openBrowser } from './testing/open-browser.ts'
import { sendTelemetry, startViewer } from './testing/start-viewer.ts'
import { nanosAgo } from './testing/synthetic-traces.ts'

// Services that know nothing of us: a trace is called the same everywhere, and nothing is alarmed that was meant.

const resources = new AsyncDisposableStack()
let browser: OpenBrowser
let url = ''

const span = (trace: number, id: number, name: string, fields: Partial<Span> = {}) =>
  buildSpan({
    traceId: traceIdOf(trace),
    spanId: spanIdOf(id),
    name,
    startNanos: nanosAgo(5_000 + trace * 1_000 - id),
    endNanos: nanosAgo(4_900 + trace * 1_000 - id),
    ...fields,
  })
const status = (code: bigint) => buildAttributes({ 'http.response.status_code': code })
const failed = { code: 2, message: '' }
/** A resource with a name alone, as most SDKs send it. */
function of<T>(service: string, items: readonly T[]): ResourceGroup<T> {
  const resource = {
    attributes: buildAttributes({ 'service.name': service }),
    droppedAttributesCount: 0,
  }
  return { ...buildGroup(items), resource }
}
const below = (id: number) => ({ parentSpanId: spanIdOf(id) })

beforeAll(async () => {
  browser = resources.use(await openBrowser())
  const collector = resources.use(await startViewer())
  url = collector.url
  await sendTelemetry(
    collector,
    [
      // A caller, and two services below it, of which the clock of the second is behind.
      of('shop', [span(1, 1, 'GET', { kind: 3, status: failed, attributes: status(404n) })]),
      of('cart', [span(1, 2, 'GET /cart/:id', { ...below(1), attributes: status(404n) })]),
      of('stock', [
        span(1, 3, 'GET /stock', {
          ...below(2),
          startNanos: nanosAgo(60_000),
          endNanos: nanosAgo(59_000),
        }),
      ]),
      // Work without a server, whose parent was not sent; and a 5xx that is no error by its status.
      of('worker', [
        span(2, 1, 'later job', { kind: 1, ...below(9) }),
        span(2, 2, 'job', { kind: 1, ...below(8), startNanos: nanosAgo(9_000) }),
        span(3, 1, 'GET /down', { attributes: status(503n) }),
        span(4, 1, 'GET /logged', { attributes: status(200n) }),
      ]),
    ],
    [
      of('worker', [
        buildLogRecord({
          timeNanos: nanosAgo(8_950),
          traceId: traceIdOf(4),
          spanId: spanIdOf(1),
          severityNumber: 17,
          body: 'could not be saved',
        }),
      ]),
    ],
  )
})
afterAll(() => resources.disposeAsync())

const facts = async (page: Page) => ({
  title: await page.getByRole('heading', { level: 1 }).textContent(),
  service: await page.locator('.trace-facts .service-name .name').textContent(),
  status: await page.locator('.trace-title .http').textContent(),
  errors: await page
    .getByRole('button', { name: /^No errors$|^Next of \d+ errors?$/ })
    .textContent(),
})

test.each([
  [1, { title: 'GET /cart/:id', service: 'cart', status: '404', errors: 'No errors' }],
  [2, { title: 'job', service: 'worker', status: '–', errors: 'No errors' }],
  [3, { title: 'GET /down', service: 'worker', status: '503', errors: 'Next of 1 error' }],
  [4, { title: 'GET /logged', service: 'worker', status: '200', errors: 'Next of 1 error' }],
])(
  'trace %d is called the same, and has the same errors, in the list and on its page',
  async (n, expected) => {
    const { page } = await browser.open(`${url}/traces`)
    const link = page.locator(`a[href="/traces/${traceIdOf(n)}"]`)
    await link.waitFor()
    const row = page.locator('.trace-row').filter({ has: link })
    expect(await link.textContent()).toBe(expected.title)
    expect(await row.locator('.cell-service .name').textContent()).toBe(expected.service)
    expect(await row.locator('.cell-status').textContent()).toBe(expected.status)
    expect(await row.locator('.badge').allTextContents()).toEqual(
      expected.errors === 'No errors' ? [] : ['1 error'],
    )
    const duration = await row.locator('.cell-duration').textContent()
    await link.click()
    await page.getByRole('treeitem').first().waitFor()
    expect(await facts(page)).toEqual(expected)
    expect(await page.locator('.trace-facts').textContent()).toContain(duration)
    await page.close()
  },
)

test('that a clock is not known is said once, in words, and not at every number', async () => {
  const clocks = 'cart, shop, stock do not say how exact their clocks are'
  for (const [path, shows, text] of [
    ['/?window=all', 'table.operations td', 'cart, stock, worker do not say how exact their'],
    [`/traces/${traceIdOf(1)}`, '[role=treeitem]', clocks],
    [`/compare?trace=${traceIdOf(1)}&trace=${traceIdOf(3)}`, '.step', 'say how exact their clocks'],
  ] as const) {
    const { page } = await browser.open(`${url}${path}`)
    await page.locator(shows).first().waitFor()
    const said = (await page.locator('main').textContent()) ?? ''
    expect(said.split(text), path).toHaveLength(2)
    expect(said, path).not.toContain(' ms !')
    await page.close()
  }
})
