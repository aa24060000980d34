import { readFile } from 'node:fs/promises'
import { Client } from 'pg'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findRuntimes } from '../../../runtimes/runtimes.ts'
import { launchForTest, type TestService } from '../../../runtimes/testing/launch-for-test.ts'
import { parseTryPlan } from '../../collector/page/try/try-plan.ts'
import { type OpenBrowser, openBrowser } from './testing/open-browser.ts'
import { startViewer } from './testing/start-viewer.ts'

// The services as they are, on two runtimes, with a real database, watched by the real collector.

const resources = new AsyncDisposableStack()
let browser: OpenBrowser
let collectorUrl = ''
let services: readonly TestService[] = []

beforeAll(async () => {
  browser = resources.use(await openBrowser())
  const sender = resources.use(await startViewer())
  const variables = {
    OTEL_EXPORTER_OTLP_ENDPOINT: sender.url,
    OTEL_BSP_SCHEDULE_DELAY: '100',
    OTEL_BLRP_SCHEDULE_DELAY: '100',
  }
  services = await Promise.all(
    findRuntimes(['node', 'deno']).map((runtime) => launchForTest(runtime, variables)),
  )
  for (const service of services) resources.use(service)
  collectorUrl = sender.url
  await play(services)
})
afterAll(() => resources.disposeAsync())

/** Each kind of answer once on each service. */
async function play(all: readonly TestService[]): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  for (const { url } of all) {
    const todos = `${url}/api/v1/todos`
    for (let n = 0; n < 3; n += 1) {
      await fetch(todos, { method: 'POST', headers, body: '{"title":"seen in a browser"}' })
    }
    await fetch(`${todos}?limit=5`)
    await fetch(`${todos}/00000000-0000-4000-8000-000000000000`)
    await fetch(todos, { method: 'POST', headers, body: '{"title":""}' })
  }
}

/** Opens a view, runs the test, and expects that nothing went wrong meanwhile. */
async function withPage(path: string, use: (page: Page) => Promise<void>): Promise<void> {
  const { page, errors, foreignRequests } = await browser.open(`${collectorUrl}${path}`)
  await use(page)
  expect(errors).toEqual([])
  expect(foreignRequests).toEqual([])
  await page.close()
}

const rows = (page: Page) => page.getByRole('table', { name: 'Traces' }).getByRole('link')

test('the overview shows both runtimes, and a chart leads to the traces behind a point', () =>
  withPage('/', async (page) => {
    const operations = page.getByRole('group', { name: 'Operations' })
    await expect.poll(() => operations.getByText('deno').count()).toBeGreaterThan(0)
    await expect.poll(() => operations.getByText('node').count()).toBeGreaterThan(0)
    expect(await operations.getByRole('link', { name: 'POST /api/v1/todos' }).count()).toBe(1)

    const chart = page.getByRole('link', { name: /^Rate over time/ })
    await chart.focus()
    await page.keyboard.press('End')
    const point = page.getByRole('link', { name: /^Rate: (?:node|deno), .* Show its traces\.$/ })
    await expect.poll(() => point.count()).toBe(1)
    await page.keyboard.press('Enter')
    await expect
      .poll(() => page.url())
      .toMatch(/\/traces\?runtime=(?:node|deno)&spanStart=\d+&spanEnd=\d+$/)
    await expect.poll(() => rows(page).count()).toBeGreaterThan(0)
  }))

test('a number of the overview leads to the traces that it counts', () =>
  withPage('/', async (page) => {
    await page.getByRole('row', { name: /deno/ }).locator('a.is-warn').first().click()
    await expect.poll(() => page.url()).toMatch(/\/traces\?.*status=4xx/)
    await expect.poll(() => rows(page).count()).toBeGreaterThan(0)
    expect(new Set(await page.locator('.cell-status').allTextContents())).not.toContain('200')
  }))

test('traces come newest first, and new ones by themselves', () =>
  withPage('/traces', async (page) => {
    await expect.poll(() => rows(page).count()).toBeGreaterThanOrEqual(12)
    await fetch(`${services[0]?.url}/docs`)
    const newest = () => rows(page).first().textContent()
    await expect.poll(newest, { timeout: 10_000 }).toContain('GET /docs')
    const starts = await page.locator('.trace-row:not(.is-header) .cell-time').allTextContents()
    expect(starts).toEqual(starts.toSorted().reverse())
  }))

test('filters narrow the list, stand in the URL, and outlive a reload', () =>
  withPage('/traces', async (page) => {
    await page.getByLabel('Runtime').selectOption('deno')
    await page.getByLabel('Status').selectOption('4xx')
    await expect.poll(() => page.url()).toContain('runtime=deno&status=4xx')
    await expect.poll(() => rows(page).count()).toBe(2)
    await page.reload()
    await expect.poll(() => rows(page).count()).toBe(2)
    expect(await page.getByLabel('Status').inputValue()).toBe('4xx')
    await page.getByLabel('Find').fill('no such text')
    await expect.poll(() => page.getByText('No traces match').count()).toBe(1)
    await page.getByRole('link', { name: 'Show all traces' }).click()
    await expect.poll(() => rows(page).count()).toBeGreaterThan(10)
  }))

test('a trace shows its spans, types, events and log records in place', () =>
  withPage('/traces?operation=POST+%2Fapi%2Fv1%2Ftodos&status=201&runtime=node', async (page) => {
    await rows(page).first().click()
    const tree = page.getByRole('tree')
    await expect.poll(() => tree.getByRole('treeitem').count()).toBe(3)
    await tree.getByRole('treeitem', { name: /^INSERT todos/ }).click()
    const details = page.getByRole('complementary', { name: 'Details' })
    expect(await details.getByRole('row', { name: /^server\.port int / }).count()).toBe(1)
    expect(await details.getByText('db.connection.acquired').count()).toBe(1)
    await expect.poll(() => page.url()).toMatch(/\?span=[0-9a-f]{16}$/)

    await page.reload()
    await expect.poll(() => details.getByRole('heading', { name: 'INSERT todos' }).count()).toBe(1)
    await tree.getByRole('treeitem', { name: /log record at/ }).click()
    await expect.poll(() => details.getByText('todo.created').count()).toBeGreaterThan(0)
    expect(await page.getByRole('button', { name: 'No errors' }).isDisabled()).toBe(true)
  }))

test('the same operation on the other runtime is one click away, and so is the comparison', () =>
  withPage('/traces?operation=POST+%2Fapi%2Fv1%2Ftodos&status=201&runtime=node', async (page) => {
    await rows(page).first().click()
    await page.getByRole('link', { name: 'deno' }).click()
    await expect.poll(() => page.locator('.trace-facts .runtime').textContent()).toBe('deno')
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('POST /api/v1/todos')
    await page.getByRole('link', { name: 'Compare 2' }).click()
    await expect.poll(() => page.getByRole('list', { name: 'Steps' }).count()).toBe(1)
    await page.goBack()
    await expect.poll(() => page.getByRole('tree').count()).toBe(1)
  }))

test('a trace is downloaded as OTLP JSON', () =>
  withPage('/traces', async (page) => {
    await rows(page).first().click()
    const waiting = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download OTLP JSON' }).click()
    const download = await waiting
    expect(download.suggestedFilename()).toMatch(/^trace-[0-9a-f]{32}\.json$/)

    // Sent to another collector as it is, it is the same trace there.
    const text = await readFile(await download.path(), 'utf8')
    await using other = await startViewer()
    for (const path of ['/v1/traces', '/v1/logs']) {
      const headers = { 'content-type': 'application/json' }
      const sent = await fetch(`${other.url}${path}`, { method: 'POST', headers, body: text })
      expect(sent.status).toBe(200)
    }
    const [, id = ''] = /trace-(.*)\.json/.exec(download.suggestedFilename()) ?? []
    expect(await (await fetch(`${other.url}/api/traces/${id}`)).text()).toBe(text)
  }))

test('an operation is compared across runtimes, each difference on its row', () =>
  withPage('/compare', async (page) => {
    await page.getByRole('link', { name: 'GET /api/v1/todos', exact: true }).click()
    const steps = page.getByRole('list', { name: 'Steps' })
    await expect.poll(() => steps.getByText('SELECT todos').count()).toBeGreaterThan(0)
    const table = page.getByRole('group', { name: 'Durations and differences' })
    expect(await table.getByRole('row', { name: /^node reference/ }).count()).toBe(1)
    expect(await table.getByRole('row', { name: /^deno/ }).count()).toBe(1)
    await steps.getByRole('button', { name: 'SELECT todos' }).click()
    expect(await steps.getByRole('row', { name: /^db\.query\.text/ }).count()).toBe(1)

    await page.getByLabel('compared with').selectOption('deno')
    await expect.poll(() => page.url()).toContain('reference=deno')
    await expect.poll(() => table.getByRole('row', { name: /^deno reference/ }).count()).toBe(1)
  }))

test('selected traces are compared, by keyboard alone', () =>
  withPage('/traces?operation=GET+%2Fapi%2Fv1%2Ftodos', async (page) => {
    await expect.poll(() => rows(page).count()).toBe(2)
    await rows(page).first().focus()
    await page.keyboard.press('x')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('x')
    await expect.poll(() => page.getByText('2 traces selected').count()).toBe(1)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.url()).toMatch(/\/compare\?trace=[0-9a-f]{32}&trace=[0-9a-f]{32}$/)
    await expect.poll(() => page.getByRole('list', { name: 'Steps' }).count()).toBe(1)
  }))

test('a log record leads to its trace, and the trace to its records', () =>
  withPage('/logs?severity=warn', async (page) => {
    const list = page.getByRole('list', { name: 'Log records' })
    await expect.poll(() => list.getByRole('button').count()).toBeGreaterThan(0)
    await list.getByRole('button').first().click()
    await page.getByRole('link', { name: 'Show its trace' }).click()
    await expect.poll(() => page.getByRole('tree').getByRole('treeitem').count()).toBeGreaterThan(1)
    await page.getByRole('link', { name: 'Log records' }).click()
    await expect.poll(() => page.url()).toMatch(/\/logs\?traceId=[0-9a-f]{32}$/)
    await expect.poll(() => list.getByRole('button').count()).toBe(1)
  }))

describe('the button that sends requests', () => {
  test('reaches each service, and what it makes appears', async () => {
    const names = services.map(({ runtime, url }) => `${runtime.name}=${url}`)
    await using collector = await startViewer({
      tryPlan: parseTryPlan(names, [
        'GET /api/v1/todos?limit=5',
        'POST /api/v1/todos {"title":""}',
      ]),
    })
    const { page, errors } = await browser.open(`${collector.url}/traces`)
    await expect.poll(() => page.getByText('No traces yet').count()).toBe(1)
    await page.getByRole('button', { name: 'Send requests' }).first().click()
    await expect.poll(() => page.getByText('4 of 4 answered').count()).toBeGreaterThan(0)
    expect(errors).toEqual([])
    await page.close()
  })
})

test('an error is found by its filter, marked, and jumped to', async () => {
  const [service] = services
  const client = new Client({ connectionString: service?.databaseUrl })
  await client.connect()
  await client.query('alter table todos rename to gone')
  const answer = await fetch(`${service?.url}/api/v1/todos`)
  await client.query('alter table gone rename to todos')
  await client.end()
  expect(answer.status).toBe(500)

  await withPage('/traces?status=5xx', async (page) => {
    await expect.poll(() => rows(page).count()).toBe(1)
    await rows(page).first().click()
    await page.getByRole('button', { name: /^Next of \d+ errors?$/ }).click()
    const selected = page.getByRole('treeitem', { selected: true })
    await expect.poll(() => selected.getAttribute('class')).toContain('is-failed')
    const first = await selected.getAttribute('id')
    await page.keyboard.press('e')
    await expect.poll(() => selected.getAttribute('id')).not.toBe(first)
    expect(await page.getByRole('complementary', { name: 'Details' }).textContent()).toMatch(
      /ERROR/i,
    )
  })
})
