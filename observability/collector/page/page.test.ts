import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestCollector } from '../testing/start-test-collector.ts'

const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'page-'))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>page</title>')
  await writeFile(join(folder, 'assets', 'a-1.js'), 'export {}')
  await writeFile(join(folder, 'sources.sha256'), 'secret')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('a browser gets the page', () => {
  test.each(['/', '/traces', '/traces/5b8efff798038103d269b633813fc60c', '/compare', '/logs?a=b'])(
    'at %s',
    async (path) => {
      await using collector = await startTestCollector({ pageFolder: folder })
      const answer = await fetch(`${collector.url}${path}`, { headers: html })

      expect(answer.status).toBe(200)
      expect(await answer.text()).toContain('<title>page</title>')
      expect(answer.headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; script-src 'self'; style-src 'self';/,
      )
      expect(answer.headers.get('content-security-policy')).not.toContain('unsafe')
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      expect(answer.headers.get('cache-control')).toBe('no-cache')
    },
  )

  test('also at an address that is none, which the page tells', async () => {
    await using collector = await startTestCollector({ pageFolder: folder })
    const answer = await fetch(`${collector.url}/nowhere`, { headers: html })

    expect(answer.status).toBe(404)
    expect(await answer.text()).toContain('<title>page</title>')
  })

  test('only once for as long as it does not change', async () => {
    await using collector = await startTestCollector({ pageFolder: folder })
    const first = await fetch(collector.url, { headers: html })
    const etag = first.headers.get('etag') ?? ''
    const second = await fetch(collector.url, { headers: { ...html, 'if-none-match': etag } })

    expect(second.status).toBe(304)
    expect(await second.text()).toBe('')
  })

  test('but not under another host name', async () => {
    await using collector = await startTestCollector({ pageFolder: folder, host: '127.0.0.1' })
    const { port } = collector
    const answer = await fetch(`http://127.0.0.1:${port}/`, {
      headers: { ...html, host: `evil.example:${port}` },
    })

    // fetch sends its own Host whatever it is told, so this one is allowed …
    expect(answer.status).toBe(200)
    // … and the guard itself stands before the page, as before every question.
    expect(await askAs(port, 'evil.example')).toContain('421 Misdirected Request')
  })
})

test('a program gets text at the same address, and problems elsewhere', async () => {
  await using collector = await startTestCollector({ pageFolder: folder })
  const answer = await fetch(collector.url)

  expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  expect(await answer.text()).toContain('GET    /api/traces')
  expect((await fetch(`${collector.url}/traces`)).status).toBe(404)
  const api = await fetch(`${collector.url}/api/status`, { headers: html })
  expect(api.headers.get('content-type')).toBe('application/json')
})

describe('an asset', () => {
  test('is kept for good, and sent compressed to who can read it', async () => {
    await using collector = await startTestCollector({ pageFolder: folder })
    const answer = await fetch(`${collector.url}/assets/a-1.js`)

    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(answer.headers.get('content-encoding')).toBe('gzip')
    expect(await answer.text()).toBe('export {}')
  })

  test('is sent as it is to who refuses gzip, and not at all to who refuses that as well', async () => {
    await using collector = await startTestCollector({ pageFolder: folder })
    const send = (accepted: string) =>
      fetch(`${collector.url}/assets/a-1.js`, { headers: { 'accept-encoding': accepted } })
    const plain = await send('gzip;q=0')

    expect(plain.headers.get('content-encoding')).toBeNull()
    expect(await plain.text()).toBe('export {}')
    expect((await send('*;q=0')).status).toBe(406)
  })

  test.each([
    '/assets/b.js',
    '/assets/../index.html',
    '/assets/%2e%2e/sources.sha256',
    '/sources.sha256',
  ])('at %s there is none', async (path) => {
    await using collector = await startTestCollector({ pageFolder: folder })

    expect(await askAs(collector.port, '127.0.0.1', path)).toContain('404 Not Found')
  })
})

test('a page that is built, or built anew, below a running collector is found', async () => {
  const late = await mkdtemp(join(tmpdir(), 'page-'))
  await using collector = await startTestCollector({ pageFolder: late })
  const before = await fetch(collector.url, { headers: html })
  expect(before.headers.get('content-type')).toBe('text/plain; charset=utf-8')

  await writeFile(join(late, 'index.html'), 'one')
  expect(await (await fetch(collector.url, { headers: html })).text()).toBe('one')
  await writeFile(join(late, 'index.html'), 'two')
  await utimes(join(late, 'index.html'), 0, 0)
  expect(await (await fetch(collector.url, { headers: html })).text()).toBe('two')
  await rm(late, { recursive: true })
  expect((await fetch(collector.url, { headers: html })).headers.get('content-type')).toBe(
    'text/plain; charset=utf-8',
  )
})

/** A request as it is written here, because `fetch` tidies paths and sets `Host` itself. */
async function askAs(port: number, host: string, path = '/'): Promise<string> {
  const { connect } = await import('node:net')
  const { text } = await import('node:stream/consumers')
  const socket = connect(port, '127.0.0.1')
  socket.write(
    `GET ${path} HTTP/1.1\r\nhost: ${host}:${port}\r\naccept: text/plain\r\nconnection: close\r\n\r\n`,
  )
  return text(socket)
}
