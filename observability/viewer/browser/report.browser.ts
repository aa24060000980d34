import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Report } from '../../comparison/report/report-schema.ts'
import { createAlike, createReport } from '../../comparison/testing/report-fixture.ts'
import { buildTrace, change, request, resource } from '../../comparison/testing/trace-fixture.ts'
import { readReportBundle, renderReport } from '../render-report.ts'
import { findViolations } from './testing/find-violations.ts'
import { type OpenBrowser, openBrowser } from './testing/open-browser.ts'
import { hostileTexts } from './testing/synthetic-traces.ts'

const resources = new AsyncDisposableStack()
let browser: OpenBrowser
let folder = ''
beforeAll(async () => {
  browser = resources.use(await openBrowser())
  folder = await mkdtemp(join(tmpdir(), 'report-'))
  resources.defer(() => rm(folder, { recursive: true, force: true }))
})
afterAll(() => resources.disposeAsync())

const millis = Array.from({ length: 120 }, (_, n) => 1 + ((n * 7) % 13) / 10)

const report = createReport([
  createAlike('list', 'node', { durationsMillis: millis }),
  createAlike('list', 'deno', { durationsMillis: millis.map((value) => value * 2) }),
  createAlike('get', 'node'),
  createAlike('get', 'deno', { trace: null }),
])

async function write(name: string, content: Report): Promise<string> {
  const path = join(folder, `${name}.html`)
  await writeFile(path, renderReport(content, await readReportBundle()))
  return pathToFileURL(path).href
}

test('one file shows matrix, steps and distributions, and asks for nothing', async () => {
  const { page, errors, foreignRequests } = await browser.open(await write('whole', report))
  const matrix = page.getByRole('group', { name: 'Operations and runtimes' })
  await matrix.waitFor()

  expect(await matrix.getByRole('row').count()).toBe(3)
  expect(await matrix.getByText('1 difference').count()).toBe(1)
  // The median with its interval.
  expect(await matrix.getByText(/^\(\d\.\d\d–\d\.\d\d\)$/).count()).toBe(2)
  expect(await page.getByRole('list', { name: 'Steps' }).count()).toBe(2)
  expect(await page.locator('.strip').count()).toBeGreaterThan(0)
  expect(await page.getByText('no trace arrived').count()).toBeGreaterThan(0)
  expect(errors).toEqual([])
  expect(foreignRequests).toEqual([])

  await matrix.getByRole('link', { name: 'get' }).focus()
  await page.keyboard.press('Enter')
  await expect.poll(() => page.url()).toMatch(/#operation-1$/)
  await page.locator('.step-button').first().focus()
  await page.keyboard.press('Enter')
  await expect.poll(() => page.locator('.step-details').count()).toBe(1)
  await page.close()
})

describe.each(['light', 'dark'] as const)('in %s colours', (colorScheme) => {
  test.each([360, 1280])('axe finds nothing wrong at a width of %d', async (width) => {
    const { page } = await browser.open(await write('axe', report), { colorScheme, width })
    await page.locator('.step').first().waitFor()
    for (const button of await page.locator('.step-button').all()) await button.click()

    expect(await findViolations(page)).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    await page.close()
  })
})

test('hostile text stays text, also where it could end the script', async () => {
  const operations = hostileTexts.map((text) => `${text}</script><!--<script>`)
  const hostile = createReport(
    operations.flatMap((name) => [createAlike(name, 'node'), createAlike(name, '<b>deno')]),
  )
  const { page, errors, foreignRequests } = await browser.open(await write('hostile', hostile))
  await page.locator('.step').first().waitFor()

  expect(await page.getByRole('heading', { level: 2 }).allTextContents()).toEqual(
    expect.arrayContaining(operations.map((name) => expect.stringContaining(name.slice(0, 20)))),
  )
  expect(await page.title()).toBe('Trace comparison: node, <b>deno')
  expect(await page.locator('#app img, #app b b').count()).toBe(0)
  expect(errors).toEqual([])
  expect(foreignRequests).toEqual([])
  await page.close()
})

test('a run that ended early, or was rejected, says so first', async () => {
  const rejected = {
    ...report,
    problems: ['the run was interrupted after 3 of 40 rounds'],
    measurement: { ...report.measurement, rejection: 'the driver itself was late' },
  }
  const { page } = await browser.open(await write('rejected', rejected))
  await expect.poll(() => page.getByText('the run was interrupted').count()).toBe(1)
  expect(await page.getByText('the driver itself was late').count()).toBe(1)
  await page.close()
})

test('a run that ended before its first round says nothing of differences', async () => {
  const unplayed = (runtime: string) => ({ operation: 'get', runtime, repetitions: [] })
  const empty: Report = {
    ...createReport([unplayed('node'), unplayed('deno')]),
    status: 'partial',
    problems: ['no trace of the first request to deno arrived'],
    outcome: { failures: [], exitCode: 2 },
  }
  const { page, errors } = await browser.open(await write('unplayed', empty))
  await expect.poll(() => page.getByText('was not played before the run ended').count()).toBe(1)
  expect(await page.getByText('not played', { exact: true }).count()).toBe(2)
  expect(
    await page
      .locator('main')
      .getByText(/same|differ/)
      .count(),
  ).toBe(0)
  expect(errors).toEqual([])
  await page.close()
})

test('what changed since the baseline is shown, and told from what is only good to know', async () => {
  const latency = {
    operation: 'get',
    runtime: 'deno',
    relative: false,
    ratio: { value: 2, low: 1.8, high: 2.2 },
    sentence: 'deno takes twice as long as then',
  }
  const change = { operation: 'get', runtime: 'deno', kind: 'span.name', path: [], subject: '' }
  const line = 'get, deno: span has another name'
  const changed: Report = {
    ...report,
    baseline: {
      createdAt: '2026-01-01',
      sameMachine: true,
      newDifferences: [],
      goneDifferences: [],
      changes: [{ ...change, expected: null, actual: null, line }],
      changesLeftOut: 0,
      latency: [latency],
    },
  }
  const { page } = await browser.open(await write('changed', changed))
  const first = page.locator('.findings').first()
  await first.waitFor()
  expect(await first.getByText(line).count()).toBe(1)
  expect(await first.getByText(latency.sentence).count()).toBe(0)
  expect(await page.locator('.findings').last().getByText(latency.sentence).count()).toBe(1)
  await page.close()
})

test('a run that was told to overlook differences does not say that there are none', async () => {
  const { page } = await browser.open(await write('overlooked', report))
  await expect
    .poll(() => page.locator('.report-head').textContent())
    .toMatch(/PASS2 operations on 2 runtimes: 1 same, 0 known, 1 different/)
  await page.close()
})

test('what is known is told once, with its file, and the head says when in UTC', async () => {
  const attribute = { 'cloud.provider': 'aws', 'cloud.region': 'here' }
  const trace = buildTrace({ ...request, resource: change(resource, attribute) })
  const declaredIn = 'runtimes/lambda/runtime.ts'
  const reason = 'it runs at AWS'
  const known = createReport(
    ['get', 'list'].flatMap((name) => [
      createAlike(name, 'node'),
      createAlike(name, 'lambda', { trace }),
    ]),
    {
      known: [
        { runtime: 'lambda', reason, declaredIn, matches: { kind: '*', subject: 'cloud.*' } },
      ],
    },
  )
  const { page } = await browser.open(await write('known', known), {
    timeZone: 'Asia/Tokyo',
  })
  await page.getByRole('heading', { name: 'Known differences' }).waitFor()
  expect(await page.getByText('2026-01-02 03:04:05 UTC').count()).toBe(1)
  expect(await page.getByText(reason).count()).toBe(1)
  expect(await page.getByText(declaredIn).count()).toBe(1)
  await page.getByRole('link', { name: 'Known differences' }).click()
  await expect.poll(() => page.url()).toMatch(/#known$/)
  await page.close()
})

test('print is light whatever the screen is', async () => {
  const { page } = await browser.open(await write('print', report), { colorScheme: 'dark' })
  await page.locator('.step').first().waitFor()
  const ground = () => page.evaluate('getComputedStyle(document.body).color')
  const onScreen = await ground()
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  expect(onScreen).toBe('rgb(232, 236, 242)')
  expect(await ground()).toBe('rgb(23, 28, 38)')
  await page.close()
})
