import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { encodeTracesJson } from '../otlp/encode-json.ts'
import type { Span } from '../otlp/model.ts'
import type { CollectorStatus } from '../wire/status.ts'
import { buildGroup, buildSpan, spanIdOf, traceIdOf } from './testing/build-telemetry.ts'
import {
  type CollectorProgram,
  runCollectorProgram,
  startCollectorProgram,
} from './testing/run-collector-program.ts'
import { startDestination } from './testing/start-destination.ts'
import { ask } from './testing/start-test-collector.ts'

const yaml = fileURLToPath(new URL('../stack/collector.yaml', import.meta.url))

const start = (args: readonly string[] = [], environment: Record<string, string> = {}) =>
  startCollectorProgram(['--port', '0', '--no-keep', ...args], environment)

const send = (url: string, spans: readonly Span[]) =>
  fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: encodeTracesJson([buildGroup(spans)]),
  })
const sendSpan = (url: string) => send(url, [buildSpan()])

test('what a destination answers does not reach the terminal as it came', async () => {
  const destination = createServer((socket) => {
    socket.on('error', () => {})
    socket.end('HTTP/1.1 503 \x1b[2J\x9b2Jgone\r\ncontent-length: 0\r\n\r\n', 'latin1')
  })
  destination.listen(0, '127.0.0.1')
  await once(destination, 'listening')
  const address = destination.address()
  const port = typeof address === 'object' ? address?.port : undefined
  await using program = await start(['--forward', `http://127.0.0.1:${port}`])
  await sendSpan(program.url)

  await expect.poll(program.output, { timeout: 10_000 }).toMatchObject({
    stderr: expect.stringContaining('503 \\u{1b}[2J'),
  })
  expect(program.output().stderr).not.toMatch(/[^\P{Cc}\n]/u)
  destination.close()
})

test('it says where it listens, and answers there', async () => {
  await using program = await start()

  expect(program.output()).toEqual({
    stdout: `collector: listening on ${program.url}\n`,
    stderr: '',
  })
  expect((await sendSpan(program.url)).status).toBe(200)
  expect(await ask<CollectorStatus>(program, '/api/status')).toMatchObject({
    stored: { spans: 1 },
    bounds: { bodyBytesMax: 8 * 1024 * 1024 },
  })
})

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s ends it with 0, and its port is free',
  async (signal) => {
    await using program = await start()
    await sendSpan(program.url)
    const startMillis = performance.now()
    program.child.kill(signal)

    expect(await program.ended).toBe(0)
    expect(performance.now() - startMillis).toBeLessThan(3_000)
    expect(program.output().stderr).toBe('')
    await expect(fetch(program.url)).rejects.toThrow('fetch failed')
  },
)

test('what waits is sent on before it ends', async () => {
  await using destination = await startDestination()
  await using program = await start([
    '--forward',
    destination.url,
    '--forward-header',
    'authorization=Bearer secret',
  ])
  await sendSpan(program.url)
  program.child.kill('SIGTERM')

  expect(await program.ended).toBe(0)
  const paths = destination.arrivals.map(({ path }) => path)
  expect(paths.toSorted()).toEqual(['/v1/metrics', '/v1/traces'])
  expect(destination.arrivals[0]?.headers.authorization).toBe('Bearer secret')
})

test('a destination that is away does not keep it, and is said once', async () => {
  await using program = await start(['--forward', 'http://127.0.0.1:9'])
  await sendSpan(program.url)
  program.child.kill('SIGTERM')

  expect(await program.ended).toBe(0)
  expect(program.output().stderr.match(/fails/g)).toHaveLength(1)
})

test('variables do what flags do', async () => {
  await using destination = await startDestination()
  await using program = await start([], {
    COLLECTOR_FORWARD_ENDPOINT: destination.url,
    COLLECTOR_FORWARD_HEADERS: 'x-scope=a%20b',
    COLLECTOR_HOST: '0.0.0.0',
  })
  await sendSpan(program.url)
  await expect.poll(() => destination.arrivals.length).toBe(1)

  expect(destination.arrivals[0]?.headers['x-scope']).toBe('a b')
  expect(program.output().stderr).toBe(
    'collector: listening on 0.0.0.0, not only on this machine: everybody who reaches it can send telemetry\n',
  )
})

test('help is printed and ends with 0', async () => {
  await using program = runCollectorProgram(['--help'])

  expect(await program.ended).toBe(0)
  expect(program.output().stdout).toContain('--forward-header <k=v>')
})

describe('what is wrong is one sentence and exit code 2:', () => {
  const expectRefusal = async (program: CollectorProgram, sentence: string | RegExp) => {
    expect(await program.ended).toBe(2)
    const { stdout, stderr } = program.output()
    expect(stdout).toBe('')
    expect(stderr).toMatch(sentence)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  }

  test('a flag', async () => {
    await using program = runCollectorProgram(['--prot', '1'])
    await expectRefusal(program, /^collector: Unknown option '--prot'; see --help\n$/)
  })

  test('a folder for runs that is a file', async () => {
    await using program = runCollectorProgram(['--port', '0', '--runs', import.meta.filename])
    await expectRefusal(program, /^collector: --runs: .* cannot be made \(EEXIST.*--no-keep\n$/)
  })

  test('a port that is taken', async () => {
    await using first = await start()
    const { port } = new URL(first.url)
    await using program = runCollectorProgram(['--port', port])
    await expectRefusal(
      program,
      `collector: port ${port} on 127.0.0.1 is in use: stop what listens there, or choose another with --port`,
    )
  })

  test('a definition that is not there', async () => {
    await using program = runCollectorProgram(['--config', '/nowhere.yaml'])
    await expectRefusal(program, /^collector: \/nowhere\.yaml: no such file/)
  })

  test.each([
    ['that is not YAML', (text: string) => `${text}\n  - [`, /^collector: \S+:\d+:\d+: /],
    [
      'with a setting that is not implemented',
      (text: string) => text.replace('namespace:', 'events: { enabled: true }\n    namespace:'),
      /^collector: \S+:\d+:\d+: .*events.* not implemented/,
    ],
    [
      'with a setting that does not exist',
      (text: string) => text.replace('exemplars:', 'exemplar:'),
      /^collector: \S+:\d+:\d+: .*exemplar/,
    ],
  ])('a definition %s', async (_what, edit, sentence) => {
    const folder = await mkdtemp(join(tmpdir(), 'collector-'))
    try {
      const path = join(folder, 'collector.yaml')
      await writeFile(path, edit(await readFile(yaml, 'utf8')))
      await using program = runCollectorProgram(['--config', path])
      await expectRefusal(program, sentence)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  test('a destination that is itself', async () => {
    await using free = await startDestination()
    const { port } = free
    await free[Symbol.asyncDispose]()
    await using program = runCollectorProgram([
      '--port',
      `${port}`,
      '--forward',
      `http://localhost:${port}`,
    ])
    await expectRefusal(program, /is this collector itself, expected another one/)
  })
})

test('a gigabyte of zeros in gzip grows it by no more than a few bodies', async () => {
  await using program = await start()
  const readRss = async () => (await ask<CollectorStatus>(program, '/api/status')).memory.rssBytes
  const member = gzipSync(Buffer.alloc(2 ** 24))
  const bomb = new Uint8Array(Buffer.concat(Array.from({ length: 64 }, () => member)))
  await sendSpan(program.url)
  const before = await readRss()
  for (let count = 0; count < 20; count += 1) {
    const response = await fetch(`${program.url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' },
      body: bomb,
    })
    expect(response.status).toBe(413)
  }

  // 20 GB were sent. The bound is 8 MiB a body; the rest is garbage not yet collected.
  expect((await readRss()) - before).toBeLessThan(150_000_000)
  expect((await ask<CollectorStatus>(program, '/api/status')).stored.spans).toBe(1)
})

test('what was answered more than a second before it was killed is there at the next start', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'runs-'))
  const keep = ['--port', '0', '--runs', folder]
  const listSpans = async ({ url }: { readonly url: string }) =>
    (await ask<{ runs: { spans: number }[] }>({ url }, '/api/runs')).runs.map(({ spans }) => spans)
  let sent = 0
  {
    await using program = await startCollectorProgram(keep)
    const untilMillis = Date.now() + 1500
    while (Date.now() < untilMillis) {
      const spans = Array.from({ length: 20 }, (_, index) =>
        buildSpan({ spanId: spanIdOf(1 + sent + index), traceId: traceIdOf(1 + sent) }),
      )
      await send(program.url, spans)
      sent += spans.length
    }
    await new Promise((resolve) => setTimeout(resolve, 1000))
    for (let more = 0; more < 20; more += 1)
      await send(program.url, [buildSpan({ traceId: traceIdOf(9_000_000 + more) })])
    program.child.kill('SIGKILL')
    await program.ended
  }
  await using program = await startCollectorProgram(keep)
  const [spans = 0] = await listSpans(program)
  const { traces } = await ask<{ traces: { spanCount: number }[] }>(
    program,
    '/api/traces?run=last&limit=500',
  )

  expect(spans).toBeGreaterThanOrEqual(sent)
  expect(traces.length).toBeGreaterThanOrEqual(Math.min(sent / 20, 500))
  await rm(folder, { recursive: true })
})
