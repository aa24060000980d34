import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { traceIdOf } from '../../collector/testing/build-telemetry.ts'
import { startCollectorProgram } from '../../collector/testing/run-collector-program.ts'
import { findFreePort } from '../../plumbing/find-free-port.ts'
import { type OpenBrowser, openBrowser } from './testing/open-browser.ts'
import { sendTelemetry, sendTraces, startViewer } from './testing/start-viewer.ts'
import { buildTraces } from './testing/synthetic-traces.ts'

// The collector as a process that is killed, held or started anew while pages are open.

const resources = new AsyncDisposableStack()
let browser: OpenBrowser
beforeAll(async () => {
  browser = resources.use(await openBrowser())
})
afterAll(() => resources.disposeAsync())

const waitMillis = { timeout: 20_000 } as const

const startProcess = (port: number) => startCollectorProgram(['--port', `${port}`, '--no-keep'])

const banner = (page: Page) => page.locator('.banners').textContent()
const main = (page: Page) => page.locator('main')

describe('a collector that is killed', () => {
  test('is told of on every view; what could not be fetched comes when it is back', async () => {
    const port = await findFreePort()
    const first = await startProcess(port)
    await sendTraces(first, 60)
    const paths = ['/', '/traces', `/traces/${traceIdOf(2)}`, '/compare', '/logs', '/nowhere']
    const opened = await Promise.all(paths.map((path) => browser.open(`${first.url}${path}`)))
    const [overview, list, trace, chooser, logs, nowhere] = opened.map(({ page }) => page)
    if (!(overview && list && trace && chooser && logs && nowhere)) throw new Error('expected six')
    await main(trace).getByRole('tree').waitFor()
    await main(chooser).locator('.choices a').first().waitFor()
    // The page fetches the other views when it has time. The list has had it, and is going to need the trace's.
    await list.waitForFunction(() =>
      performance.getEntriesByType('resource').some(({ name }) => name.includes('/trace-view-')),
    )
    // Of Compare's, here, it must not have had it.
    await logs.route('**/compare-view-*.js', (route) => route.abort())
    first.child.kill('SIGKILL')
    await first.ended

    for (const { page } of opened) {
      await expect.poll(() => banner(page), waitMillis).toContain('has not answered since')
    }
    expect(await main(trace).getByRole('treeitem').count()).toBe(2)
    await chooser.locator('.choices a').first().click()
    await list.locator('.row-link').nth(3).click()
    await nowhere.getByRole('link', { name: 'Overview', exact: true }).click()
    for (const page of [chooser, list, nowhere]) {
      await expect
        .poll(() => main(page).textContent())
        .toContain('This comes when the collector answers again')
    }
    expect(await chooser.getByText('This cannot be compared').count()).toBe(0)

    await using second = await startProcess(port)
    await sendTraces(second, 60)
    await expect
      .poll(() => chooser.getByRole('list', { name: 'Steps' }).count(), waitMillis)
      .toBe(1)
    await expect.poll(() => list.getByRole('tree').count(), waitMillis).toBe(1)
    await expect.poll(() => nowhere.locator('table.operations').count(), waitMillis).toBe(1)
    for (const page of [overview, list, trace]) {
      await expect.poll(() => banner(page), waitMillis).toContain('was started again at')
    }
    for (const { page } of opened) await page.close()
  })

  test('and comes back empty leaves a trace that is open on the screen, which says so', async () => {
    const port = await findFreePort()
    const first = await startProcess(port)
    await sendTraces(first, 3)
    const { page } = await browser.open(`${first.url}/traces/${traceIdOf(1)}`)
    await expect.poll(() => page.getByRole('treeitem').count()).toBe(2)
    first.child.kill('SIGKILL')
    await first.ended
    await using second = await startProcess(port)
    await expect.poll(() => page.getByText('no longer has this trace').count(), waitMillis).toBe(1)
    expect(await page.getByRole('treeitem').count()).toBe(2)
    const waiting = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download OTLP JSON' }).click()
    const path = await (await waiting).path()
    expect(path).not.toBe('')
    expect(second.url).toContain(String(port))
    await page.close()
  })
})

test('the script of a view that could not be fetched is fetched when the collector is back', async () => {
  const port = await findFreePort()
  const first = await startProcess(port)
  await sendTraces(first, 20)
  const { page } = await browser.open(`${first.url}/logs`)
  let isAway = true
  await page.route('**/compare-view-*.js', (route) => (isAway ? route.abort() : route.continue()))
  await page.reload()
  first.child.kill('SIGKILL')
  await first.ended
  await expect.poll(() => banner(page), waitMillis).toContain('has not answered since')
  await page.getByRole('link', { name: 'Compare', exact: true }).click()
  await expect.poll(() => main(page).textContent()).toContain('could not be loaded')
  isAway = false
  await using second = await startProcess(port)
  await sendTraces(second, 20)
  await expect.poll(() => main(page).locator('.choices a').count(), waitMillis).toBeGreaterThan(0)
  await page.close()
})

test('a collector that hangs is told of, since when it last answered, and found again', async () => {
  await using collector = await startProcess(await findFreePort())
  await sendTraces(collector, 5)
  const { page } = await browser.open(`${collector.url}/traces`)
  await page.locator('.row-link').first().waitFor()
  collector.child.kill('SIGSTOP')
  const since = Date.now()
  await expect.poll(() => banner(page), { timeout: 30_000 }).toContain('has not answered since')
  const [, clock = ''] = /since (\d\d:\d\d:\d\d)/.exec((await banner(page)) ?? '') ?? []
  const told = new Date(`${new Date(since).toDateString()} ${clock}`).getTime()
  // It was noticed some ten seconds later.
  expect(Math.abs(told - since)).toBeLessThan(5_000)
  collector.child.kill('SIGCONT')
  await expect.poll(() => banner(page), waitMillis).toBe('')
  await page.close()
})

test('a store that is emptied and filled again at once is not mixed with what was there', async () => {
  await using collector = await startViewer()
  await sendTraces(collector, 5)
  const { page } = await browser.open(`${collector.url}/traces`)
  const rows = page.locator('.row-link')
  await expect.poll(() => rows.count()).toBe(5)
  const href = await rows.first().getAttribute('href')
  await fetch(`${collector.url}/api/traces`, { method: 'DELETE' })
  for (const groups of buildTraces(9, Date.now())) {
    await sendTelemetry(
      collector,
      groups.map((group) => ({
        ...group,
        scopes: group.scopes.map((scope) => ({
          ...scope,
          items: scope.items.map((span) => ({ ...span, traceId: `e${span.traceId.slice(1)}` })),
        })),
      })),
    )
  }
  await expect.poll(() => rows.count(), waitMillis).toBe(9)
  expect(await page.locator(`a[href="${href}"]`).count()).toBe(0)
  await page.close()
})
