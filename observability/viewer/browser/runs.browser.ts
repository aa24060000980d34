import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  buildAttributes,
  buildGroup,
  buildSpan,
  spanIdOf,
  traceIdOf,
} from '../../collector/testing/build-telemetry.ts'
import { encodeTracesJson } from '../../otlp/encode-json.ts'
import { findViolations } from './testing/find-violations.ts'
import { openBrowser } from './testing/open-browser.ts'
import { sendTelemetry, startViewer } from './testing/start-viewer.ts'
import { nanosAgo } from './testing/synthetic-traces.ts'

// Runs that the collector keeps, files as runs, and what operations are grouped by.

const request = (n: number, name: string, millis: number) =>
  buildSpan({
    traceId: traceIdOf(n),
    spanId: spanIdOf(n),
    name,
    startNanos: nanosAgo(2_000),
    endNanos: nanosAgo(2_000 - millis),
    attributes: buildAttributes({ 'http.response.status_code': 200n }),
  })

test('a file that is dropped is a run of its own, which is pinned, compared with another one, and exported', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'runs-'))
  await using stack = new AsyncDisposableStack()
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const browser = stack.use(await openBrowser())
  const collector = stack.use(await startViewer({ runs: { folder, keepMax: 5, isFresh: false } }))
  await sendTelemetry(collector, [
    buildGroup([request(1, 'GET /todos', 20), request(2, 'GET /new', 5)]),
  ])
  const { page, errors } = await browser.open(`${collector.url}/traces`)
  const names = () => page.locator('.row-link').allTextContents()
  await expect.poll(async () => (await names()).sort()).toEqual(['GET /new', 'GET /todos'])
  const file = encodeTracesJson([buildGroup([request(7, 'GET /todos', 40)], { service: '<b>old' })])
  await page.evaluate(
    `(() => {
      const data = new DataTransfer()
      data.items.add(new File([${JSON.stringify(file)}], 'before.json'))
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }))
    })()`,
  )
  await expect.poll(names).toEqual(['GET /todos'])
  await page.getByText('not what comes in now').waitFor()
  expect(page.url()).toMatch(/\?run=\d{8}T/)
  await page.locator('.row-link').click()
  await page.getByRole('treeitem').first().waitFor()
  expect(page.url()).toMatch(/traces\/0{31}7\?run=/)

  await page.getByRole('link', { name: 'Runs', exact: true }).click()
  await page.getByRole('row', { name: /before\.json/ }).waitFor()
  await page
    .getByRole('row', { name: /before\.json/ })
    .getByRole('button', { name: 'Pin' })
    .click()
  await page.getByRole('button', { name: 'Pinned' }).waitFor()
  expect(await findViolations(page)).toEqual([])
  await expect.poll(() => page.getByRole('checkbox').count(), { timeout: 10_000 }).toBe(2)
  for (const box of await page.getByRole('checkbox').all()) await box.check()
  await page.getByRole('link', { name: 'Compare the two' }).click()
  await page.getByText(/^Only .* has GET \/new/).waitFor()
  await page.getByRole('link', { name: 'GET /todos' }).click()
  await page.getByRole('list', { name: 'Steps' }).waitFor()
  expect(await page.locator('table.lanes tbody tr').count()).toBe(2)

  await page.goto(`${collector.url}/traces?where=name%3D%22GET+%2Fnew%22`)
  await expect.poll(names).toEqual(['GET /new'])
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export these' }).click(),
  ])
  const text = await (await fetch(new URL(download.url()))).text()
  expect(text).toContain('GET /new')
  expect(text).not.toContain('GET /todos')
  expect(errors).toEqual([])
})

test('operations are grouped by any attribute, and one that cannot be compared says why', async () => {
  await using browser = await openBrowser()
  await using collector = await startViewer()
  const ofVersion = (text: string, ...spans: ReturnType<typeof request>[]) => {
    const group = buildGroup(spans)
    const attributes = [...group.resource.attributes, { key: 'service.version', value: text }]
    return { ...group, resource: { ...group.resource, attributes } }
  }
  await sendTelemetry(collector, [
    ofVersion('1.0', request(1, 'GET /todos', 20)),
    ofVersion(
      '2.0',
      request(2, 'GET /todos', 90),
      request(3, 'GET /new', 5),
      request(4, 'GET /half', 5),
    ),
    // Of no version, so not to be compared by it.
    buildGroup([request(5, 'GET /half', 5)]),
  ])
  const { page, errors } = await browser.open(`${collector.url}/compare`)
  await page.getByText('Only node has GET /todos').waitFor()
  expect(await page.getByRole('link', { name: 'GET /todos' }).count()).toBe(0)
  await page.getByLabel('Group by').fill('service.version')
  await page.getByLabel('Group by').press('Enter')
  await page.getByText('Only 2.0 has GET /new').waitFor()
  expect(await findViolations(page)).toEqual([])
  await page.getByRole('link', { name: 'GET /todos' }).click()
  await page.getByRole('list', { name: 'Steps' }).waitFor()
  expect(await page.locator('table.lanes tbody').textContent()).toMatch(/1\.0.*2\.0/)
  expect(await page.locator('table.lanes th').first().textContent()).toBe('Version')

  await page.getByRole('link', { name: 'Overview', exact: true }).click()
  await page.getByLabel('Group by').fill('service.version')
  await page.getByLabel('Group by').press('Enter')
  await page.locator('table.operations').getByText('2.0').first().waitFor()
  expect(await page.getByRole('columnheader', { name: 'Version' }).count()).toBe(1)
  const groups = page.locator('table.operations tbody').filter({ hasText: 'Compare' })
  expect(await groups.locator('.operation-link').allTextContents()).toEqual(['GET /todos'])
  await page
    .getByRole('row', { name: /GET \/new/ })
    .getByRole('link', { name: '1', exact: true })
    .click()
  await expect.poll(() => page.locator('.row-link').allTextContents()).toEqual(['GET /new'])
  expect(errors).toEqual([])
  await page.close()
})
