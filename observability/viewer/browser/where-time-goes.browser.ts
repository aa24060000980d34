import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { findRuntimes } from '../../../runtimes/runtimes.ts'
import { launchForTest } from '../../../runtimes/testing/launch-for-test.ts'
import {
  buildGroup,
  buildSpan,
  spanIdOf,
  traceIdOf,
} from '../../collector/testing/build-telemetry.ts'
import { findViolations } from './testing/find-violations.ts'
import { type OpenBrowser, openBrowser } from './testing/open-browser.ts'
import { sendTelemetry, sendTraces, startViewer } from './testing/start-viewer.ts'
import { nanosAgo } from './testing/synthetic-traces.ts'

// Where the time of a request went: of one, its critical path; of many, each step side by side.

const resources = new AsyncDisposableStack()
let browser: OpenBrowser
beforeAll(async () => {
  browser = resources.use(await openBrowser())
})
afterAll(() => resources.disposeAsync())

test('the critical path of a trace is marked, said to screen readers, and can be switched off', async () => {
  await using collector = await startViewer()
  const startNanos = nanosAgo(5_000)
  const span = (n: number, parent: number, name: string, from: number, to: number) =>
    buildSpan({
      traceId: traceIdOf(1),
      spanId: spanIdOf(n),
      parentSpanId: parent === 0 ? '' : spanIdOf(parent),
      name,
      kind: parent === 0 ? 2 : 1,
      startNanos: startNanos + BigInt(from) * 1_000_000n,
      endNanos: startNanos + BigInt(to) * 1_000_000n,
    })
  await sendTelemetry(collector, [
    buildGroup([
      span(1, 0, 'GET /basket', 0, 100),
      span(2, 1, 'load prices', 5, 40),
      span(3, 1, 'load stock', 5, 90),
      span(4, 1, 'send mail', 95, 400),
    ]),
  ])
  const { page, errors } = await browser.open(`${collector.url}/traces/${traceIdOf(1)}`)
  const row = (name: string) => page.getByRole('treeitem').filter({ hasText: name })
  await row('load stock').waitFor()
  const marks = (name: string) => row(name).locator('.critical-mark').count()

  expect(await marks('GET /basket')).toBe(2)
  expect(await marks('load stock')).toBe(1)
  expect(await marks('load prices')).toBe(0)
  expect(await marks('send mail')).toBe(0)
  expect(await row('load stock').textContent()).toContain('on the critical path 85.0 ms')
  expect(await page.locator('.critical-legend').textContent()).toMatch(
    /most of it load stock: 85\.0 ms.*85 %/,
  )
  expect(await findViolations(page)).toEqual([])

  await page.getByLabel('Critical path').uncheck()
  await expect.poll(() => page.locator('.waterfall .critical-mark').count()).toBe(0)
  expect(await row('load stock').textContent()).not.toContain('critical path')
  expect(errors).toEqual([])
  await page.close()
})

test('of few requests the times are shown, and it is said that they are too few to judge', async () => {
  await using collector = await startViewer()
  await sendTraces(collector, 60)
  const { page, errors } = await browser.open(`${collector.url}/compare?operation=GET+%2Fready`)
  await page.locator('.icicle-box').first().waitFor()

  expect(await page.locator('.time-goes-notes').textContent()).toMatch(
    /Too few requests on node, .+ to say what grew: that takes 20 on both sides\./,
  )
  expect(await page.locator('.growth').count()).toBe(0)
  await expect
    .poll(() => page.locator('.icicle-head').first().textContent())
    .toMatch(/mean of the latest 2 answered with \d00, of 4 requests/)
  expect(errors).toEqual([])
  await page.close()
})

describe('two versions of a real service, of which one reads more slowly', () => {
  const versions = ['1.0', '1.1'] as const
  let url = ''
  beforeAll(async () => {
    const collector = resources.use(await startViewer())
    url = collector.url
    const [node] = findRuntimes(['node'])
    if (node === undefined) throw new Error('expected node among the runtimes, got none')
    const services = await Promise.all(
      versions.map((version) =>
        launchForTest(node, {
          OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
          OTEL_RESOURCE_ATTRIBUTES: `deployment.environment.name=${version}`,
          OTEL_BSP_SCHEDULE_DELAY: '100',
        }),
      ),
    )
    for (const service of services) resources.use(service)
    await slowDown(services[1]?.databaseUrl ?? '')
    for (let n = 0; n < 25; n += 1) {
      for (const service of services) {
        const answer = await fetch(`${service.url}/api/v1/todos?limit=5`)
        expect(answer.status).toBe(200)
      }
    }
    const query = new URLSearchParams({ operation: 'GET /api/v1/todos', limit: '500' })
    await vi.waitFor(
      async () => {
        const answer = await fetch(`${collector.url}/api/traces?${query}`)
        expect((await answer.text()).match(/"traceId"/g)).toHaveLength(50)
      },
      { timeout: 20_000 },
    )
  })

  /** Each SELECT waits for 20 ms in the database itself. */
  async function slowDown(databaseUrl: string): Promise<void> {
    const client = new Client({ connectionString: databaseUrl })
    await client.connect()
    await client.query('alter table todos rename to todos_data')
    await client.query(`create view todos as with waited as materialized (select pg_sleep(0.02))
      select todos_data.* from waited left join todos_data on true where todos_data.id is not null`)
    await client.end()
  }

  const open = (colorScheme: 'light' | 'dark' = 'light', width = 1280) => {
    const query = new URLSearchParams({
      by: 'deployment.environment.name',
      operation: 'GET /api/v1/todos',
      reference: '1.0',
    })
    return browser.open(`${url}/compare?${query}`, { colorScheme, width })
  }

  test('the step that grew is marked, and leads to its slowest traces and to all of them', async () => {
    const { page, errors } = await open()
    const steps = (version: string) => page.getByRole('group', { name: `Steps of ${version}` })
    const select = (version: string) => steps(version).getByRole('button', { name: /SELECT todos/ })
    await select('1.1').waitFor()
    expect(await select('1.1').textContent()).toMatch(/grew by▲ \d+(?:\.\d+)? ms SELECT todos/)
    expect(await select('1.1').locator('.grown-part').count()).toBe(1)
    expect(await select('1.0').locator('.growth').count()).toBe(0)
    await expect
      .poll(() => page.locator('.icicle-head').first().textContent())
      .toMatch(/mean of 25 requests/)

    await select('1.1').click()
    const slowest = page.locator('.slowest-lanes > div').nth(1)
    await expect.poll(() => slowest.locator('ol a').count()).toBe(5)
    const millis = (await slowest.locator('ol a').allTextContents()).map(Number.parseFloat)
    expect(millis).toEqual(millis.toSorted((a, b) => b - a))
    await slowest.locator('ol a').first().click()
    await expect
      .poll(() => page.getByRole('treeitem', { selected: true }).textContent())
      .toContain('SELECT todos')
    await page.goBack()

    await select('1.1').click()
    await slowest.getByRole('link', { name: /^All stored traces/ }).click()
    await expect.poll(() => page.url()).toContain('sort=duration')
    await expect
      .poll(() => page.getByRole('table', { name: 'Traces' }).locator('.row-link').count())
      .toBeGreaterThanOrEqual(5)
    expect(errors).toEqual([])
    await page.close()
  })

  test('all of it is reached by keyboard, and the table says the same', async () => {
    const { page } = await open()
    const root = page.getByRole('group', { name: 'Steps of 1.1' }).getByRole('button').first()
    await root.focus()
    await page.keyboard.press('ArrowDown')
    expect(await page.evaluate('document.activeElement.textContent')).toContain('SELECT todos')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('.slowest h3').textContent()).toContain('SELECT todos')
    await page.keyboard.press('ArrowUp')
    expect(await root.evaluate((box) => box.matches(':focus'))).toBe(true)
    // The rest of the boxes is no stop on the way.
    await page.keyboard.press('Tab')
    expect(await page.evaluate("document.activeElement.closest('.icicle')")).toBeNull()

    await page.locator('.step-times summary').press('Enter')
    const row = page.getByRole('group', { name: 'Time of each step' }).getByRole('row', {
      name: /^SELECT todos/,
    })
    expect(await row.textContent()).toMatch(/grew by▲ \d/)
    await page.close()
  })

  test.each(['light', 'dark'] as const)('axe finds nothing wrong in %s colours', async (scheme) => {
    const { page } = await open(scheme)
    await page.locator('.icicle-box').first().waitFor()
    await page.locator('.step-times summary').click()
    expect(await findViolations(page)).toEqual([])
    await page.close()
  })

  test.each([360, 768, 2560])('it fits a width of %d', async (width) => {
    const { page } = await open('light', width)
    await page.locator('.icicle-box').first().waitFor()
    expect(await page.evaluate("document.querySelector('main').scrollWidth")).toBeLessThanOrEqual(
      width,
    )
    await page.close()
  })
})
