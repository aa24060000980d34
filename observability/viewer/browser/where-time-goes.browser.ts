import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  buildGroup,
  buildSpan,
  spanIdOf,
  traceIdOf,
} from '../../collector/testing/build-telemetry.ts'
import { findViolations } from './find-violations.ts'
import { type OpenBrowser, openBrowser } from './open-browser.ts'
import { sendTelemetry, startViewer } from './start-viewer.ts'
import { nanosAgo } from './synthetic-traces.ts'

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
