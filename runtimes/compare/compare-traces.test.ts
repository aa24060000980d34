import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  buildAttributes,
  buildGroup,
  buildSpan,
  spanIdOf,
  traceIdOf,
} from '../../observability/collector/testing/build-telemetry.ts'
import { startTestCollector } from '../../observability/collector/testing/start-test-collector.ts'
import type { Report } from '../../observability/comparison/report/report-schema.ts'
import { encodeTracesJson } from '../../observability/otlp/encode-json.ts'
import type { ResourceSpans } from '../../observability/otlp/model.ts'
import { encodeTracesByProtobufjs } from '../../observability/otlp/testing/protobufjs-encode.ts'

const program = join(import.meta.dirname, 'compare.ts')
const requests = 40
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'compare-traces-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

type Version = { readonly version: string; readonly statements: number; readonly millis: number }
const before: Version = { version: '1.9.0', statements: 1, millis: 10 }
/** The same but for one statement more, and three times the time. */
const after: Version = { version: '1.10.0', statements: 2, millis: 30 }

/** One request: a server span, and below it so many statements. */
function buildRequest({ version, statements, millis }: Version, n: number): ResourceSpans {
  const traceId = traceIdOf(n)
  const startNanos = BigInt(Date.now()) * 1_000_000n - BigInt(n % 100_000) * 1_000_000n
  const server = buildSpan({
    traceId,
    spanId: spanIdOf(1),
    name: 'GET /cart',
    startNanos,
    endNanos: startNanos + BigInt(Math.round((millis + (n % 7) / 10) * 1e6)),
    attributes: buildAttributes({
      'http.request.method': 'GET',
      'http.route': '/cart',
      'http.response.status_code': n % 4 === 0 ? 404n : 200n,
    }),
  })
  const queries = Array.from({ length: statements }, (_, index) =>
    buildSpan({
      traceId,
      spanId: spanIdOf(2 + index),
      parentSpanId: spanIdOf(1),
      name: index === 0 ? 'SELECT carts' : 'SELECT prices',
      kind: 3,
      startNanos: startNanos + BigInt(index + 1) * 1_000_000n,
      endNanos: startNanos + BigInt(index + 2) * 1_000_000n,
      attributes: buildAttributes({
        'db.operation.name': 'SELECT',
        'db.collection.name': index === 0 ? 'carts' : 'prices',
      }),
    }),
  )
  const group = buildGroup([server, ...queries], { service: 'shop' })
  const attributes = [
    ...group.resource.attributes.filter(({ key }) => key !== 'hono.runtime.name'),
    ...buildAttributes({ 'service.version': version }),
  ]
  return { ...group, resource: { ...group.resource, attributes } }
}

const buildAll = (version: Version, from: number) =>
  Array.from({ length: requests }, (_, index) => buildRequest(version, from + index))
const toLines = (all: readonly ResourceSpans[]) =>
  all.map((group) => `${encodeTracesJson([group])}\n`).join('')

let outs = 0
async function compare(...args: readonly string[]) {
  outs += 1
  const out = join(folder, `out-${outs}`)
  const env = { ...process.env, NO_COLOR: '1' }
  const ended = await new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [program, ...args, '--out', out], { env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    )
  })
  const json = await readFile(join(out, 'compare.json'), 'utf8').catch(() => 'null')
  const report: Report | null = JSON.parse(json)
  return { ...ended, report }
}

/** Serves traces as a Tempo does: search, and traces by id in protobuf. */
async function startTempo(all: readonly ResourceSpans[]) {
  const byId = new Map(all.map((group) => [group.scopes[0]?.items[0]?.traceId ?? '', group]))
  const server = createServer(({ url = '' }, answer) => {
    const { pathname } = new URL(url, 'http://tempo')
    if (pathname === '/api/search') {
      const traces = [...byId.keys()].map((traceID) => ({ traceID: traceID.replace(/^0+/, '') }))
      answer.setHeader('content-type', 'application/json').end(JSON.stringify({ traces }))
      return
    }
    const group = byId.get(pathname.split('/').at(-1) ?? '')
    if (!pathname.startsWith('/api/traces/') || group === undefined) answer.writeHead(404).end()
    else
      answer
        .setHeader('content-type', 'application/protobuf')
        .end(Buffer.from(encodeTracesByProtobufjs([group])))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.close()
    },
  }
}

const differenceLines = (report: Report | null) => report?.differences.map(({ line }) => line)
describe('a comparison by an attribute', () => {
  test('gives the same verdict from a collector, from files and from a Tempo', async () => {
    const all = [...buildAll(before, 1000), ...buildAll(after, 2000)]
    await using collector = await startTestCollector()
    await fetch(`${collector.url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: encodeTracesJson(all),
    })
    const file = join(folder, 'all.jsonl.gz')
    await writeFile(file, gzipSync(toLines(all)))
    await using tempo = await startTempo(all)
    const by = ['--by', 'service.version', '--reference', '1.9.0'] as const
    const [fromCollector, fromFile, fromTempo] = await Promise.all([
      compare(...by, '--traces', collector.url),
      compare(...by, '--a', file),
      compare(...by, '--traces', `tempo:${tempo.url.replace('//', '//me:s3cr3t@')}`),
    ])

    expect(fromCollector?.stderr).toBe('')
    expect(fromCollector?.code).toBe(1)
    expect(differenceLines(fromCollector?.report ?? null)).toEqual([
      'GET /cart 200, 1.10.0: GET /cart > SELECT prices: span is extra: got CLIENT "SELECT prices"',
      'GET /cart 404, 1.10.0: GET /cart > SELECT prices: span is extra: got CLIENT "SELECT prices"',
    ])
    expect(fromCollector?.stdout).toMatch(/1\.10\.0 takes .*2\.9× the time of 1\.9\.0 on/)
    expect(JSON.stringify(fromTempo)).not.toContain('s3cr3t')
    expect(fromTempo?.report?.settings.traces).toContain('REDACTED')
    for (const { report, code } of [fromFile, fromTempo]) {
      expect(code).toBe(1)
      expect(differenceLines(report)).toEqual(differenceLines(fromCollector?.report ?? null))
      expect(report?.operations.map(({ name }) => name).toSorted()).toEqual([
        'GET /cart 200',
        'GET /cart 404',
      ])
    }
  }, 60_000)

  test('fails when a version begins to fail, also when nothing else of it can be compared', async () => {
    const [old, broken] = ['old', 'broken'].map((name) => join(folder, `${name}.jsonl`))
    const all = buildAll(before, 5000)
    await writeFile(old ?? '', toLines(all))
    await writeFile(
      broken ?? '',
      toLines(all).replaceAll(/"intValue":"(?:200|404)"/g, '"intValue":"500"'),
    )
    const { report, code } = await compare('--a', old ?? '', '--b', broken ?? '')
    expect(code).toBe(1)
    expect(report?.outcome.failures).toContain(
      `GET /cart fails on broken.jsonl: ${requests} of ${requests} requests, and 0 of ${requests} on old.jsonl`,
    )
  })

  test('looks at what where says alone, and says what was too little', async () => {
    const file = join(folder, 'where.jsonl')
    await writeFile(
      file,
      toLines([...buildAll(before, 1000), ...buildAll(before, 3000).slice(0, 3)]),
    )
    const { report, code } = await compare(
      '--by',
      'service.version',
      '--a',
      file,
      '--where',
      'http.response.status_code=200',
    )
    expect(code).toBe(2)
    expect(report?.outcome.exitCode).toBe(2)
    expect(report?.problems[0]).toBe(
      'nothing was compared by service.version, where http.response.status_code=200: expected two groups with 5 requests of one operation, 1.9.0 among them; found 1.9.0 (32)',
    )
  })

  test('finds nothing where nothing differs', async () => {
    const file = join(folder, 'equal.jsonl')
    const all = [...buildAll(before, 1000), ...buildAll({ ...before, version: '1.9.1' }, 2000)]
    await writeFile(file, toLines(all))
    const { report, code, stdout } = await compare('--by', 'service.version', '--a', file)
    expect(code).toBe(0)
    expect(report?.differences).toEqual([])
    expect(stdout).not.toContain(' takes ')
  })
})

describe('a comparison of files', () => {
  test('names each by its file, and finds what one does besides', async () => {
    const [a, b] = [join(folder, 'monday.jsonl'), join(folder, 'tuesday.jsonl')]
    await writeFile(a, toLines(buildAll(before, 1000)))
    await writeFile(b, toLines(buildAll({ ...before, statements: 2 }, 1000)))
    const { report, code } = await compare('--a', a, '--b', b)
    expect(code).toBe(1)
    expect(report?.reference).toBe('monday.jsonl')
    expect(differenceLines(report)?.join('\n')).toMatch(/tuesday\.jsonl.*SELECT prices/)
  })

  test.each([
    [['--a', '/nowhere/x'], /expected --by, or two runs or files to compare/],
    [['--a', '/nowhere/x', '--b', '/nowhere/y'], /^\/nowhere\/[xy]: ENOENT/],
    [
      ['--by', 'a', '--window', 'soon'],
      /--window: expected a time such as 30m, 1h or 7d, got "soon"/,
    ],
    [['--by', 'a', '--where', 'x='], /--where: expected a value after x=, at character 3/],
    [['--by', 'a', '--traces', 'http://127.0.0.1:9'], /127\.0\.0\.1:9/],
  ])('%j ends with exit code 2 and one sentence', async (args, sentence) => {
    const { code, stderr } = await compare(...args)
    expect(code).toBe(2)
    expect(stderr).toMatch(sentence)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})

describe('a file alone', () => {
  test('says what to do when no collector answers', async () => {
    const { code, stderr } = await compare('--by', 'a', '--traces', 'http://127.0.0.1:1')
    expect(code).toBe(2)
    expect(stderr).toMatch(/^http:\/\/127\.0\.0\.1:1\/.*; `npm start` runs a collector, /)
  })

  test('ends as it found out when nobody reads the output any more', async () => {
    const file = join(folder, 'unread.jsonl')
    await writeFile(file, toLines(buildAll(before, 3000)))
    const out = ['--out', join(folder, 'out-unread')]
    const files = [...['--a', file], ...['--b', file], ...['--fail-on', 'none']]
    const child = execFile(process.execPath, [program, ...files, ...out])
    child.stdout?.destroy()
    child.stderr?.destroy()
    expect((await once(child, 'exit'))[0]).toBe(0)
  })

  test('of any service is held to the conventions, and fails by them at the level that was named', async () => {
    const file = join(folder, 'shop.jsonl')
    await writeFile(file, toLines(buildAll(before, 1000).slice(0, 3)))
    const { report, code, stdout } = await compare('--a', file, '--fail-on', 'conventions')
    expect(code).toBe(1)
    expect(report?.status).toBe('complete')
    expect(report?.outcome.failures).toEqual(['2 breaches of the conventions'])
    expect(stdout).toContain(
      'violation, shop.jsonl: HTTP server span: Required attribute url.path is missing: expected url.path (GET /cart 200, GET /cart 404; http/http-spans.md#http-server-span)',
    )
  })
})

describe('a comparison of runs', () => {
  test('finds what the run under way does and the one before did not', async () => {
    const runs = { folder: join(folder, 'runs'), keepMax: 5, isFresh: false }
    const send = (url: string, all: readonly ResourceSpans[]) =>
      fetch(`${url}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: encodeTracesJson(all),
      })
    {
      await using first = await startTestCollector({ runs })
      await send(first.url, buildAll(before, 1000))
    }
    await using second = await startTestCollector({ runs })
    await send(second.url, buildAll({ ...before, statements: 2 }, 2000))
    const { report, code } = await compare(
      '--run',
      'last',
      '--run',
      'current',
      '--traces',
      second.url,
    )
    expect(code).toBe(1)
    expect(report?.reference).toBe('last')
    expect(differenceLines(report)?.join('\n')).toMatch(/current.*SELECT prices/)
  })
})
