import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { traceIdOf } from '../../collector/testing/build-telemetry.ts'
import { type OpenBrowser, openBrowser } from './testing/open-browser.ts'
import { sendTelemetry, sendTraces, startViewer } from './testing/start-viewer.ts'
import { buildHostileTrace } from './testing/synthetic-traces.ts'

// Addresses that make no sense, each of which is told in a sentence, with a way on.

const resources = new AsyncDisposableStack()
let browser: OpenBrowser
beforeAll(async () => {
  browser = resources.use(await openBrowser())
})
afterAll(() => resources.disposeAsync())

/** What the browser itself writes for an answer that is no success, or for none. */
const isAboutLoading = (line: string) => line.includes('Failed to load resource')

describe('an address that makes no sense', () => {
  test.each([
    ['/nowhere', 'Nothing is here'],
    ['/traces/xyz', 'expected 32 hex digits, got "xyz"'],
    ['/traces/%E0%A4%A', 'expected 32 hex digits'],
    [`/traces/${traceIdOf(404)}`, 'This trace is not stored'],
    ['/traces?minDurationMillis=fast', 'expected a number of at least 0, got "fast"'],
    ['/logs?traceId=1', 'traceId: expected 32 hex digits, got "1"'],
    ['/compare?trace=1', 'trace id: expected 32 hex digits, got "1"'],
    ['/compare?operation=nothing', 'no request of nothing is stored'],
    ['/compare?operation=GET+%2Fready&status=teapot', 'status: expected ok, error, unset'],
    ['/traces?status=teapot', 'status: expected ok, error, unset, an HTTP status'],
    ['/traces?start=yesterday', 'start: expected a time such as'],
    ['/traces?runtime=perl', 'No traces match'],
    ['/traces?text=%00%FF%ED%A0%80', 'No traces match'],
    [`/traces/${traceIdOf(1)}/more`, 'Nothing is here'],
    [`/traces/${traceIdOf(1)}?span=%3Cb%3E`, 'This trace has no span "<b>"'],
    [`/traces/${traceIdOf(1).toUpperCase()}`, 'Download OTLP JSON'],
    ['/logs?severity=loud', 'severity: expected trace or debug'],
    ['/?window=soon', 'window: expected 1m or 5m or 15m or 1h or all, got "soon"'],
    ['/?quantile=p42', 'quantile: expected p50 or p95 or p99, got "p42"'],
    ['/?runtime=perl', 'No requests on perl in this time'],
    ['/?operation=%3Cscript%3E&runtime=perl', 'No requests of <script> on perl in this time'],
    ['//evil.example/traces', 'Nothing is here'],
    ['/%2e%2e/%2e%2e/etc/passwd', 'Nothing is here'],
    ['/index.html', 'Nothing is here'],
    ['/logs/', 'Nothing is here'],
  ])('%s is told in a sentence, with a way on', async (path, sentence) => {
    await using collector = await startViewer()
    await sendTraces(collector, 3)
    const { page, errors } = await browser.open(`${collector.url}${path}`)

    await expect.poll(() => page.locator('main').getByText(sentence).count()).toBeGreaterThan(0)
    expect(await page.locator('main').getByRole('link').count()).toBeGreaterThan(0)
    expect(errors.filter((line) => !isAboutLoading(line))).toEqual([])
    await page.close()
  })

  test('one with a very long text is asked as it is', async () => {
    await using collector = await startViewer()
    await sendTraces(collector, 3)
    const { page } = await browser.open(`${collector.url}/traces?text=${'x'.repeat(9_000)}`)
    await expect.poll(() => page.getByText('No traces match').count()).toBe(1)
    await page.close()
  })

  test('a record that there is not is told beside those that there are', async () => {
    await using collector = await startViewer()
    await sendTelemetry(collector, [], buildHostileTrace(1, Date.now()).logs)
    const { page } = await browser.open(`${collector.url}/logs?record=1`)
    await expect.poll(() => page.getByText('is not in the list').count()).toBe(1)
    expect(await page.locator('.log-row').count()).toBe(1)
    await page.close()
  })

  test('a trace that arrives later appears by itself', async () => {
    await using collector = await startViewer()
    const { page } = await browser.open(`${collector.url}/traces/${traceIdOf(2)}`)
    await expect.poll(() => page.getByText('This trace is not stored').count()).toBe(1)
    await sendTraces(collector, 3)
    await expect.poll(() => page.getByRole('tree').count(), { timeout: 10_000 }).toBe(1)
    await page.close()
  })
})
