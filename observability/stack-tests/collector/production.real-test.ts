import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseTracesJson } from '../../otlp/decode-json.ts'
import { type Attribute, readAttribute, type Span } from '../../otlp/model.ts'
import { findFreePort } from '../../plumbing/find-free-port.ts'
import { attributes, ids, span, text, webSpans } from './cases/otlp-json.ts'
import { type OtlpSink, startSink } from './otlp-sink.ts'
import { type RunningCollector, runCollector } from './program/run-collector.ts'
import { post } from './replay/replay-on-collector.ts'

// observability/stack/collector.yaml as it stands, but for the ports, a JSON body that can be read here,
// and shorter waits.

const files = ['observability/stack/collector.yaml']
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'otelcol-production-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function run(url: string, options: { queue?: string; settings?: object } = {}) {
  return runCollector({
    files,
    environment: {
      LGTM_OTLP_ENDPOINT: url,
      COLLECTOR_QUEUE_DIR: options.queue ?? mkdtempSync(join(folder, 'queue-')),
    },
    settings: {
      extensions: { health_check: { endpoint: '127.0.0.1:0' } },
      exporters: {
        'otlp_http/lgtm': {
          encoding: 'json',
          retry_on_failure: { initial_interval: '100ms', max_interval: '500ms' },
          sending_queue: { batch: { flush_timeout: '50ms' } },
        },
      },
      ...options.settings,
    },
  })
}

async function waitFor<T>(read: () => T | undefined, what: string): Promise<T> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await delay(20)) {
    const value = read()
    if (value !== undefined) return value
  }
  throw new Error(`expected ${what} within 20 s`)
}

function readSpans({ requests }: OtlpSink): readonly Span[] {
  return requests
    .filter(({ path }) => path === '/v1/traces')
    .flatMap(({ body }) => parseTracesJson(body.toString('utf8')))
    .flatMap(({ scopes }) => scopes.flatMap(({ items }) => items))
}

async function waitForSpans(sink: OtlpSink, count: number): Promise<readonly Span[]> {
  return waitFor(() => {
    const spans = readSpans(sink)
    return spans.length >= count ? spans : undefined
  }, `${count} spans`)
}

function named(from: number, count: number): object {
  return webSpans(
    ...Array.from({ length: count }, (_, index) =>
      span({ ...ids(from + index), name: `span ${from + index}` }),
    ),
  )
}

const names = (spans: readonly Span[]) => spans.map(({ name }) => name).sort()
const expectedNames = (count: number) =>
  Array.from({ length: count }, (_, index) => `span ${index}`).sort()

describe('while the destination is down', () => {
  test('spans wait on disk, and survive the end of the Collector', async () => {
    const queue = join(folder, 'queue')
    const port = await findFreePort()
    const url = `http://127.0.0.1:${port}`

    const first = await run(url, { queue })
    const answers = [await post(first.url, named(0, 50)), await post(first.url, named(50, 50))]
    await waitFor(() => findOutage(first), 'a failed try')
    await first.stop('SIGTERM')
    const second = await run(url, { queue })
    answers.push(await post(second.url, named(100, 50)))
    await waitFor(() => findOutage(second), 'a failed try')
    // As a crash, or the kernel out of memory: nothing is written at the end.
    await second.stop('SIGKILL')

    expect(answers).toEqual(['taken', 'taken', 'taken'])
    expect(readdirSync(queue).some((name) => name.includes('traces'))).toBe(true)
    await using sink = await startSink(undefined, port)
    await using third = await run(url, { queue })
    expect(await post(third.url, named(150, 50))).toBe('taken')
    const spans = await waitForSpans(sink, 200)
    await delay(300)
    expect(names(readSpans(sink))).toEqual(expectedNames(200))
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(200)
  })

  test('a full queue refuses, so that the sender keeps what it has', async () => {
    const url = `http://127.0.0.1:${await findFreePort()}`
    const settings = {
      exporters: {
        'otlp_http/lgtm': { sending_queue: { queue_size: 20_000 } },
      },
    }
    await using collector = await run(url, { settings })

    const answers: string[] = []
    for (let index = 0; index < 8; index++) {
      answers.push(await post(collector.url, named(index * 50, 50)))
    }

    expect(answers[0]).toBe('taken')
    expect(answers.at(-1)).toBe('refused')
  })
})

function findOutage({ lines }: RunningCollector): string | undefined {
  return lines.find((line) => line.includes('Exporting failed. Will retry'))
}

describe('what is kept of a span', () => {
  test('has no secrets, whoever sent them, and everything else as it was', async () => {
    await using sink = await startSink()
    await using collector = await run(sink.url)
    const sent = attributes({
      'url.query': text('page=2&access_token=seCret&sort=a&apiKey=seCret&sig=seCret'),
      'url.full': text('https://a.example/x?password=seCret#top'),
      'http.request.header.authorization': text('Bearer seCret'),
      'http.request.header.cookie': text('session=seCret'),
      'http.response.header.set-cookie': text('session=seCret'),
      'http.request.header.accept': text('text/html'),
      'db.query.text': text('x'.repeat(5000)),
      'http.route': text('/x'),
    })

    await post(collector.url, webSpans(span({ attributes: sent })))
    const [kept] = await waitForSpans(sink, 1)

    const list: readonly Attribute[] = kept?.attributes ?? []
    expect(Object.fromEntries(list.map(({ key, value }) => [key, value]))).toEqual({
      'url.query': 'page=2&access_token=REDACTED&sort=a&apiKey=REDACTED&sig=REDACTED',
      'url.full': 'https://a.example/x?password=REDACTED#top',
      'http.request.header.accept': 'text/html',
      'db.query.text': 'x'.repeat(4096),
      'http.route': '/x',
    })
    for (const { body } of sink.requests) expect(body.toString('utf8')).not.toContain('seCret')
  })

  test('is nothing in which the query only looks like a secret', async () => {
    await using sink = await startSink()
    await using collector = await run(sink.url)
    const query = 'author=me&keyword=x&design=1&monkey=2&page=3'

    await post(
      collector.url,
      webSpans(span({ attributes: attributes({ 'url.query': text(query) }) })),
    )

    const [kept] = await waitForSpans(sink, 1)
    expect(readAttribute(kept?.attributes ?? [], 'url.query')).toBe(query)
  })
})

describe('the receiver', () => {
  test('takes from pages on this machine, and from no others', async () => {
    await using sink = await startSink()
    await using collector = await run(sink.url)
    const ask = async (origin: string) => {
      const response = await fetch(`${collector.url}/v1/traces`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type',
        },
      })
      return response.headers.get('access-control-allow-origin')
    }

    expect(await ask('http://localhost:5173')).toBe('http://localhost:5173')
    expect(await ask('https://evil.example')).toBeNull()
  })

  test('refuses a body over the limit of the file', async () => {
    await using sink = await startSink()
    await using collector = await run(sink.url)

    expect(await post(collector.url, webSpans(span({ name: 'x'.repeat(9 * 2 ** 20) })))).toBe(
      'refused',
    )
    expect(await post(collector.url, webSpans(span({ name: 'x'.repeat(7 * 2 ** 20) })))).toBe(
      'taken',
    )
  })
})

test('its health and its own metrics can be asked for', async () => {
  const [health, own] = [await findFreePort(), await findFreePort()]
  await using sink = await startSink()
  await using collector = await run(sink.url, {
    settings: {
      extensions: { health_check: { endpoint: `127.0.0.1:${health}` } },
      service: {
        telemetry: {
          metrics: {
            level: 'normal',
            readers: [{ pull: { exporter: { prometheus: { host: '127.0.0.1', port: own } } } }],
          },
        },
      },
    },
  })
  await post(collector.url, named(0, 3))

  const status = await fetch(`http://127.0.0.1:${health}/`)
  const metrics = await (await fetch(`http://127.0.0.1:${own}/metrics`)).text()

  expect(status.status).toBe(200)
  expect(metrics).toMatch(/otelcol_receiver_accepted_spans\{.*\} 3\n/)
  expect(metrics).toContain('otelcol_exporter_queue_size')
})
