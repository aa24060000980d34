import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseTryPlan } from '../../collector/page/try/try-plan.ts'
import { type OpenBrowser, openBrowser } from './testing/open-browser.ts'
import { sendTraces, startViewer } from './testing/start-viewer.ts'

// Pages of others in the same browser: one whose name leads to this machine (DNS rebinding), and one that
// only asks.

const resources = new AsyncDisposableStack()
let browser: OpenBrowser
let collector: Awaited<ReturnType<typeof startViewer>>
let elsewhere = ''
const arrived: string[] = []

beforeAll(async () => {
  browser = resources.use(await openBrowser(['--host-resolver-rules=MAP evil.example 127.0.0.1']))
  const service = createServer((request, response) => {
    arrived.push(`${request.method} ${request.url}`)
    response.setHeader('content-type', 'text/html')
    response.end('<!doctype html><title>elsewhere</title>')
  })
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  resources.defer(() => void service.close())
  // It was given a port, and has no path.
  const { port } = service.address() as AddressInfo
  elsewhere = `http://localhost:${port}/`
  collector = resources.use(
    await startViewer({
      tryPlan: parseTryPlan([`a=http://127.0.0.1:${port}`], ['GET /tried']),
      corsOrigins: ['*'],
    }),
  )
  await sendTraces(collector, 5)
})
afterAll(() => resources.disposeAsync())

test('under a name that somebody else gave this machine, there is no page', async () => {
  const { page } = await browser.open(`http://evil.example:${collector.port}/traces`)
  expect(await page.locator('body').textContent()).toContain('does not answer to the host')
  for (const path of ['/api/traces', '/api/status', '/metrics', '/api/try', '/']) {
    const status = await page.evaluate(`fetch('${path}').then(({ status }) => status)`)
    expect(status, path).toBe(421)
  }
  await page.close()
})

describe('a page of another origin', () => {
  const outcome = (url: string, init: string) =>
    `fetch('${url}', ${init}).then((answer) => answer.type + ' ' + answer.status, () => 'refused')`

  test.each(['/api/traces', '/api/status', '/metrics', '/', '/api/overview'])(
    'reads nothing at %s',
    async (path) => {
      const { page } = await browser.open(elsewhere)
      expect(await page.evaluate(outcome(`${collector.url}${path}`, '{}'))).toBe('refused')
      const framed = await page.evaluate(`new Promise((resolve) => {
        const frame = document.createElement('iframe')
        frame.src = '${collector.url}${path}'
        frame.onload = () => { try { resolve(frame.contentDocument?.title ?? 'closed') } catch { resolve('closed') } }
        document.body.append(frame)
      })`)
      expect(framed).toBe('closed')
      await page.close()
    },
  )

  test('sends no requests to services, and forgets nothing', async () => {
    const { page } = await browser.open(elsewhere)
    const before = arrived.length
    const own = `headers: { 'x-requested-by': 'viewer' }`
    for (const init of [
      `{ method: 'POST', ${own} }`,
      `{ method: 'POST', mode: 'no-cors' }`,
      `{ method: 'POST', mode: 'no-cors', ${own} }`,
    ]) {
      await page.evaluate(outcome(`${collector.url}/api/try`, init))
    }
    expect(
      await page.evaluate(outcome(`${collector.url}/api/traces`, `{ method: 'DELETE' }`)),
    ).toBe('refused')
    expect(arrived.slice(before).filter((line) => line.includes('/tried'))).toEqual([])
    const status: unknown = await (await fetch(`${collector.url}/api/status`)).json()
    expect(status).toMatchObject({ stored: { traces: 5 }, emptied: 0 })
    await page.close()
  })

  test('may be left by a link that leads here', async () => {
    const { page, errors } = await browser.open(elsewhere)
    await page.evaluate(`
      const link = document.createElement('a')
      link.href = '${collector.url}/traces'
      link.textContent = 'traces'
      document.body.append(link)`)
    await page.getByRole('link', { name: 'traces' }).click()
    await expect.poll(() => page.locator('.row-link').count()).toBe(5)
    expect(errors).toEqual([])
    await page.close()
  })
})

test('the page itself may, and runs no script but its own', async () => {
  const { page } = await browser.open(`${collector.url}/traces`)
  await page.getByRole('button', { name: 'Send requests' }).click()
  await expect.poll(() => arrived.filter((line) => line.includes('/tried')).length).toBe(1)
  const inline = await page.evaluate(`
    (() => {
      const script = document.createElement('script')
      try { script.textContent = 'window.owned = 1' } catch { return 'refused by Trusted Types' }
      document.head.append(script)
      return window.owned ?? 'refused'
    })()`)
  expect(inline).toMatch(/^refused/)
  expect(await page.evaluate(`fetch('${elsewhere}').then(() => 'answered', () => 'refused')`)).toBe(
    'refused',
  )
  await page.close()
})
