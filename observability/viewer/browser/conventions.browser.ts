import { afterAll, beforeAll, expect, test } from 'vitest'
import { traceIdOf } from '../../collector/testing/build-telemetry.ts'
import { type OpenBrowser, openBrowser } from './testing/open-browser.ts'
import { sendTraces, startViewer } from './testing/start-viewer.ts'

const resources = new AsyncDisposableStack()
let browser: OpenBrowser
beforeAll(async () => {
  browser = resources.use(await openBrowser())
})
afterAll(() => resources.disposeAsync())

test('a trace tells what of it breaks the conventions, and leads to the rule', async () => {
  await using collector = await startViewer()
  await sendTraces(collector, 3)
  const { page, errors } = await browser.open(`${collector.url}/traces/${traceIdOf(1)}`)

  await page.getByText(/^\d+ findings by the semantic conventions 1\.44\.0$/).click()
  const finding = page.getByText('Required attribute url.path is missing')
  expect(await finding.count()).toBe(1)
  expect(await finding.getByRole('link', { name: 'violation' }).getAttribute('href')).toBe(
    'https://github.com/open-telemetry/semantic-conventions/blob/v1.44.0/docs/http/http-spans.md#http-server-span',
  )
  expect(errors).toEqual([])
  await page.close()
})
