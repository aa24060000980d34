import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  buildAttributes,
  buildGroup,
  buildLogRecord,
  buildSpan,
  spanIdOf,
  traceIdOf,
} from '../../collector/testing/build-telemetry.ts'
import { findViolations } from './testing/find-violations.ts'
import { type OpenBrowser, openBrowser } from './testing/open-browser.ts'
import { sendTelemetry, startViewer } from './testing/start-viewer.ts'
import { nanosAgo } from './testing/synthetic-traces.ts'

// What somebody looks for is found: by an id, a word, a condition; by the keyboard alone, and in the address.

const resources = new AsyncDisposableStack()
let browser: OpenBrowser
let url = ''

const request = (n: number, name: string, ago: number, millis: number, status: bigint) =>
  buildSpan({
    traceId: traceIdOf(n),
    spanId: spanIdOf(n),
    name,
    startNanos: nanosAgo(ago),
    endNanos: nanosAgo(ago - millis),
    attributes: buildAttributes({
      'http.route': name.replace('GET ', ''),
      'http.response.status_code': status,
    }),
  })

beforeAll(async () => {
  browser = resources.use(await openBrowser())
  const collector = resources.use(await startViewer())
  url = collector.url
  const statement = (n: number) =>
    buildSpan({
      traceId: traceIdOf(1),
      spanId: spanIdOf(0xabcdef0000 + n),
      parentSpanId: spanIdOf(1),
      kind: 3,
      name: 'SELECT todos',
      startNanos: nanosAgo(3_000),
      endNanos: nanosAgo(2_990),
      attributes: buildAttributes({ 'db.operation.name': 'SELECT' }),
    })
  await sendTelemetry(
    collector,
    [
      buildGroup([request(1, 'GET /todos', 3_000, 20, 200n), statement(1), statement(2)], {
        service: 'todos',
      }),
      buildGroup([request(2, 'GET /pay', 2_000, 900, 503n)], { service: 'checkout' }),
      buildGroup([request(3, 'GET /old', 600_000, 5, 200n)], { service: 'todos' }),
    ],
    [
      buildGroup(
        [
          buildLogRecord({
            timeNanos: nanosAgo(2_000),
            body: 'card refused',
            traceId: traceIdOf(2),
            spanId: spanIdOf(2),
            attributes: buildAttributes({ 'payment.tries': 3n }),
          }),
          buildLogRecord({ timeNanos: nanosAgo(1_000), body: 'all well' }),
          buildLogRecord({
            timeNanos: nanosAgo(300_000),
            body: { entries: [{ key: 'user', value: { values: ['ann', 3n] } }] },
          }),
        ],
        { service: 'checkout' },
      ),
    ],
  )
})
afterAll(() => resources.disposeAsync())

const box = (page: Page) => page.getByRole('combobox', { name: 'Find' })
const names = (page: Page) => page.locator('.row-link').allTextContents()
const bodies = (page: Page) => page.locator('.log-row .body').allTextContents()
const mapBody = '{"user": ["ann", 3]}'
const everything = ['GET /pay', 'GET /todos', 'GET /old']

async function openList(path = '/traces'): Promise<Page> {
  const { page } = await browser.open(`${url}${path}`)
  await page.locator('.row-link, .log-row').first().waitFor()
  return page
}

describe('an id in the box', () => {
  test('of a trace leads to it, also when it is not stored, which is said', async () => {
    const page = await openList()
    await box(page).fill(traceIdOf(2))
    await page.getByRole('heading', { level: 1, name: 'GET /pay' }).waitFor()
    expect(new URL(page.url()).pathname).toBe(`/traces/${traceIdOf(2)}`)
    await page.goBack()
    await box(page).fill(traceIdOf(0xdead))
    await page.getByRole('heading', { name: 'This trace is not stored' }).waitFor()
    await page.close()
  })

  test('of a span, or a traceparent, leads to the span', async () => {
    const page = await openList()
    await box(page).fill(spanIdOf(0xabcdef0001))
    await page.getByRole('treeitem', { name: /^SELECT todos/, selected: true }).waitFor()
    expect(page.url()).toContain(`/traces/${traceIdOf(1)}?span=${spanIdOf(0xabcdef0001)}`)
    await page.goBack()
    await box(page).fill(`00-${traceIdOf(1)}-${spanIdOf(0xabcdef0002)}-01`)
    await expect.poll(() => page.url()).toContain(`?span=${spanIdOf(0xabcdef0002)}`)
    await page.goBack()
    await box(page).fill(spanIdOf(0xfff))
    await page.getByText('No span of this id is stored').waitFor()
    await page.close()
  })

  test('of a trace finds the log records of it in the list of logs', async () => {
    const page = await openList('/logs')
    await box(page).fill(traceIdOf(2))
    await expect.poll(() => bodies(page)).toEqual(['card refused'])
    await page.close()
  })
})

describe('the box', () => {
  test('finds the name of a service, words and conditions, and keeps them in the address', async () => {
    const page = await openList()
    await expect.poll(() => names(page)).toEqual(everything)
    await box(page).fill('checkout')
    await expect.poll(() => names(page)).toEqual(['GET /pay'])
    await box(page).fill('service.name=todos duration>10ms')
    await expect.poll(() => names(page)).toEqual(['GET /todos'])
    await page.reload()
    await expect.poll(() => names(page)).toEqual(['GET /todos'])
    expect(await box(page).inputValue()).toBe('service.name=todos duration>10ms')
    await box(page).fill('')
    await expect.poll(() => names(page)).toEqual(everything)
    await page.close()
  })

  test('completes names and values that are stored, by the keyboard alone', async () => {
    const page = await openList()
    await page.keyboard.press('/')
    await page.keyboard.type('status_c')
    await page.getByRole('option', { name: 'http.response.status_code' }).waitFor()
    expect(await findViolations(page)).toEqual([])
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    expect(await box(page).inputValue()).toBe('http.response.status_code=')
    await page.getByRole('option', { name: '503' }).waitFor()
    await page.keyboard.type('5')
    await expect.poll(() => page.locator('.suggestions > *').allTextContents()).toEqual(['503'])
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect.poll(() => names(page)).toEqual(['GET /pay'])
    expect(await box(page).inputValue()).toBe('http.response.status_code=503 ')
    await page.close()
  })

  test('points at a mistake, and leaves the list as it was', async () => {
    const page = await openList()
    await box(page).fill('service.name=todos duration>fast')
    await page.getByText('expected a duration such as 100ms or 1.5s').waitFor()
    expect(await page.locator('.find-mistake mark').textContent()).toBe('fast')
    expect(await box(page).getAttribute('aria-invalid')).toBe('true')
    expect(await names(page)).toEqual(everything)
    expect(await findViolations(page)).toEqual([])
    await page.close()
  })

  test('finds log records by their attributes too', async () => {
    const page = await openList('/logs')
    await box(page).fill('payment.tri')
    await page.getByRole('option', { name: 'payment.tries' }).waitFor()
    await box(page).fill('payment.tries>2')
    await expect.poll(() => bodies(page)).toEqual(['card refused'])
    await page.close()
  })
})

test('traces are sorted by time, duration and spans', async () => {
  const page = await openList()
  const sort = page.getByLabel('Sort by')
  await sort.selectOption('duration')
  await expect.poll(() => names(page)).toEqual(everything)
  await sort.selectOption('spans')
  await expect.poll(() => names(page)).toEqual(['GET /todos', 'GET /pay', 'GET /old'])
  await page.reload()
  await expect.poll(() => names(page)).toEqual(['GET /todos', 'GET /pay', 'GET /old'])
  await page.close()
})

test('every view shows the time that is asked for', async () => {
  for (const [path, all, last] of [
    ['/traces', everything, everything.slice(0, 2)],
    ['/logs', ['all well', 'card refused', mapBody], ['all well', 'card refused']],
  ] as const) {
    const page = await openList(path)
    const found = path === '/logs' ? bodies : names
    await page.getByRole('combobox', { name: 'Time', exact: true }).selectOption('1m')
    await expect.poll(() => found(page)).toEqual(last)
    await page.getByRole('combobox', { name: 'Time', exact: true }).selectOption('between')
    await expect.poll(() => found(page)).toEqual(all)
    await page.getByLabel('To', { exact: true }).fill('2026-01-01T00:00:00')
    await page.getByText(/^No (?:traces|log records) between these times$/).waitFor()
    await page.close()
  }
  const { page } = await browser.open(url)
  await page.getByRole('link', { name: 'between' }).click()
  await page.locator('table.operations').getByText('GET /old').waitFor()
  await page.getByLabel('To', { exact: true }).fill('2026-01-01T00:00:00')
  await page.getByText('end: expected a time after start').waitFor()
  await page.close()
})

test('what is looked for within a trace is reached by keys, from one match to the next', async () => {
  const { page } = await browser.open(`${url}/traces/${traceIdOf(1)}`)
  await page.getByRole('tree').waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('db.operation.name=SELECT')
  await page.getByText('2 found').waitFor()
  const selected = () => new URL(page.url()).searchParams.get('span')
  await page.keyboard.press('Enter')
  await expect.poll(selected).toBe(spanIdOf(0xabcdef0001))
  await page.getByRole('tree').focus()
  await page.keyboard.press('n')
  await expect.poll(selected).toBe(spanIdOf(0xabcdef0002))
  await page.keyboard.press('n')
  await expect.poll(selected).toBe(spanIdOf(0xabcdef0001))
  await page.keyboard.press('Shift+N')
  await expect.poll(selected).toBe(spanIdOf(0xabcdef0002))
  await page.getByLabel('Find in this trace').fill('duration>fast')
  await page.getByText('expected a duration such as 100ms or 1.5s').waitFor()
  expect(await findViolations(page)).toEqual([])
  await page.close()
})

test('a record says where it is from, its body is readable, and its neighbours are one click away', async () => {
  const page = await openList('/logs')
  await expect.poll(() => bodies(page)).toEqual(['all well', 'card refused', mapBody])
  await page.getByRole('button', { name: mapBody }).click()
  const details = page.getByRole('complementary', { name: 'Log record' })
  expect(await details.locator('.log-body').textContent()).toBe(
    '{\n  "user": [\n    "ann",\n    3\n  ]\n}',
  )
  await page.getByRole('button', { name: 'card refused' }).click()
  await expect.poll(() => details.locator('.facts').textContent()).toContain(traceIdOf(2))
  expect(await details.locator('.facts').textContent()).toContain('checkout')
  await details.getByText('Resource and scope').click()
  await details.getByText('service.name', { exact: true }).waitFor()
  await details.getByText('scope test').waitFor()
  await details.getByRole('link', { name: 'Records around it' }).click()
  await expect.poll(() => bodies(page)).toEqual(['all well', 'card refused'])
  await details.getByRole('heading', { name: 'card refused' }).waitFor()
  expect(await findViolations(page)).toEqual([])
  await page.close()
})

test('each row says its service, in the list and in a trace', async () => {
  const page = await openList()
  await expect
    .poll(() => page.locator('.cell-service .name').allTextContents())
    .toEqual(['checkout', 'todos', 'todos'])
  const colors = await page
    .locator('.cell-service .dot')
    .evaluateAll((dots) => dots.map((dot) => dot.className))
  expect(colors[1]).toBe(colors[2])
  expect(colors[0]).not.toBe(colors[1])
  await page.getByLabel('Service').selectOption('checkout')
  await expect.poll(() => names(page)).toEqual(['GET /pay'])
  await page.locator('.row-link').click()
  await page.locator('.waterfall-row .dot.is-service').first().waitFor()
  expect(await page.locator('.waterfall-row .dot.is-service').first().getAttribute('title')).toBe(
    'checkout',
  )
  await page.close()
})

test('metrics that a service sends are listed, as text, and it is said who draws them', async () => {
  await using collector = await startViewer()
  const { page } = await browser.open(`${collector.url}/sent-metrics`)
  await page.getByText('No service has sent a metric yet').waitFor()
  const attributes = [{ key: 'queue', value: { stringValue: '<b>mail</b>' } }]
  const sum = { dataPoints: [{ attributes, asInt: '7' }], aggregationTemporality: 2 }
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'worker' } }] }
  const metrics = [{ name: 'jobs.done', unit: '{job}', sum }]
  const response = await fetch(`${collector.url}/v1/metrics`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] }),
  })
  expect(response.status).toBe(200)
  const row = page.getByRole('row', { name: /jobs\.done/ })
  await row.waitFor({ timeout: 10_000 })
  expect(await row.textContent()).toMatch(
    /sum, cumulative, \{job\}, since .*worker.*queue=<b>mail<\/b>7/,
  )
  await page.getByText('charts of them are Grafana’s job').waitFor()
  expect(await findViolations(page)).toEqual([])
  await page.close()
})
