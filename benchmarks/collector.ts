// How many spans a second the embedded collector takes over HTTP beside the OpenTelemetry Collector, what its parts
// cost, and what a stored span weighs.
//
//   npm run bench -- collector
//
// Each is the real program on one core of its own: ours with all that it does by default (span metrics and the store),
// the real one with an OTLP receiver, the span metrics connector with the same settings, and `nop` behind it, where
// it is built (`node observability/stack-tests/collector/build.ts`) or `OTELCOL` names it. The load comes from another core, over raw
// sockets, from requests that are prepared once. Programs and encodings take turns in short rounds, so that a busy
// machine slows all of them: compare the ratios, not the digits, and the processor's time before the rate.
// Afterwards both are asked what they counted.
//
// Paid, together a fifth of the time in protobuf or more: whole lists of attributes, texts and ids found by the bytes
// they came in, in tables out of which paths that never come again push nothing that does; lists shared in the store;
// and no `Map` asked for a text that hardly comes again, as V8 enters each in a table first.
//
// Tried, and did not pay: a young generation of 32 or 64 MB instead of 16 (no more than the noise); a Set of the
// attributes that are shared already (asking it for each costs what two lookups by key and value cost); V8's flags
// single-threaded-gc, no-parallel-scavenge and no-concurrent-marking (a control run without them differed as much),
// minor-ms (a fifth to a half slower), and one to promote what survives at once (no more than the noise).
// Not built: spans kept as bytes and decoded when asked for, though copying what is stored out of the young generation
// is still a fifth of the time; a list through the traces instead of a `Map` in order, whose moves take some 3 %.

import { type ChildProcess, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { parse, stringify } from 'yaml'
import { defaultBounds } from '../observability/collector/bounds.ts'
import { readCollectorConfig } from '../observability/collector/config/read-collector-config.ts'
import { decodeRequest } from '../observability/collector/receive/decode-request.ts'
import { createSpanMetrics } from '../observability/collector/span-metrics/span-metrics.ts'
import { createTraceStore } from '../observability/collector/store/trace-store.ts'
import { startCollectorProgram } from '../observability/collector/testing/run-collector-program.ts'
import { parseTracesProtobuf } from '../observability/otlp/decode-protobuf.ts'
import { encodeTracesJson } from '../observability/otlp/encode-json.ts'
import { readQuickTraces } from '../observability/otlp/from-json/quick/read-quick-traces.ts'
import type { ResourceSpans } from '../observability/otlp/model.ts'
import { encodeTracesByProtobufjs } from '../observability/otlp/testing/protobufjs-encode.ts'
import { findFreePort } from '../observability/plumbing/find-free-port.ts'
import {
  CollectorMissingError,
  findCollector,
} from '../observability/stack-tests/collector/program/collector-binary.ts'
import { runCollector } from '../observability/stack-tests/collector/program/run-collector.ts'
import type { CollectorStatus } from '../observability/wire/status.ts'
import { buildExampleTraces } from './example-traces.ts'

const tracesPerRequest = 256
const spansPerRequest = 2 * tracesPerRequest
/** Together more traces than the store holds: a request that comes round again is new to it. */
const requestsKept = 240
const requestsPerRound = 120
const rounds = 7
const warmUpRounds = 3
const connections = 8
const configPath = 'observability/stack/collector.yaml'

type Form = { readonly name: string; readonly type: string; readonly bodies: readonly Uint8Array[] }
type Program = {
  readonly name: string
  readonly url: string
  readonly pid: number
  /** What it says that it has counted. */
  readonly countSpans: () => Promise<number>
  nextRequest: number
}

/** Spans a second, and microseconds of processor time per span. */
type Sample = { readonly rate: number; readonly cpuMicros: number }

/** Keeps a process, and what it starts from now on, on one core; without `taskset` or a second core it may run anywhere. */
function pin(pid: number, core: number): boolean {
  if (availableParallelism() < 2) return false
  return spawnSync('taskset', ['-acp', String(core), String(pid)]).status === 0
}

function createForms(): readonly Form[] {
  const requests = Array.from({ length: requestsKept }, (_, seed) =>
    buildExampleTraces(seed, tracesPerRequest),
  )
  return [
    {
      name: 'protobuf',
      type: 'application/x-protobuf',
      bodies: requests.map(encodeTracesByProtobufjs),
    },
    {
      name: 'JSON',
      type: 'application/json',
      bodies: requests.map((groups) => Buffer.from(encodeTracesJson(groups))),
    },
  ]
}

async function startOurs(): Promise<{ program: Program; child: ChildProcess }> {
  const { child, url } = await startCollectorProgram(['--port', '0', '--no-keep'])
  const countSpans = () => sumSeries(`${url}/metrics`, 'traces_spanmetrics_calls_total')
  return {
    child,
    program: { name: 'embedded', url, pid: child.pid ?? 0, countSpans, nextRequest: 0 },
  }
}

/** The real one, or nothing where it is not built. */
async function startReal(): Promise<(AsyncDisposable & { readonly program: Program }) | undefined> {
  try {
    findCollector()
  } catch (error) {
    if (!(error instanceof CollectorMissingError)) throw error
    process.stdout.write(`without the OpenTelemetry Collector: ${error.message}\n`)
    return undefined
  }
  const { connectors } = parse(readFileSync(configPath, 'utf8'))
  const metricsPort = await findFreePort()
  const pull = { exporter: { prometheus: { host: '127.0.0.1', port: metricsPort } } }
  const settings = {
    receivers: { otlp: { protocols: { http: { max_request_body_size: 8_388_608 } } } },
    connectors: { span_metrics: connectors.span_metrics },
    exporters: { nop: {} },
    service: {
      telemetry: { metrics: { level: 'basic', readers: [{ pull }] } },
      pipelines: {
        traces: { receivers: ['otlp'], exporters: ['span_metrics'] },
        metrics: { receivers: ['span_metrics'], exporters: ['nop'] },
      },
    },
  }
  const folder = mkdtempSync(join(tmpdir(), 'collector-bench-'))
  const file = join(folder, 'collector.yaml')
  writeFileSync(file, stringify(settings))
  const real = await runCollector({
    files: [file],
    settings,
    environment: { GOMAXPROCS: '1' },
  })
  const countSpans = () =>
    sumSeries(`http://127.0.0.1:${metricsPort}/metrics`, 'otelcol_receiver_accepted_spans')
  return {
    program: { name: 'OpenTelemetry', url: real.url, pid: real.pid, countSpans, nextRequest: 0 },
    async [Symbol.asyncDispose]() {
      await real.stop()
      rmSync(folder, { recursive: true })
    },
  }
}

/** The sum of all series of a metric, by the beginning of its name. */
async function sumSeries(url: string, name: string): Promise<number> {
  const text = await (await fetch(url)).text()
  const lines = text.split('\n').filter((line) => line.startsWith(name))
  return lines.reduce((sum, line) => sum + Number(/\} (\S+)/.exec(line)?.[1] ?? 0), 0)
}

/** Sends whole requests one after the other, as often as `next` gives one, and ends when it gives none. */
async function sendInTurn(url: string, next: () => Uint8Array | undefined): Promise<void> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  let answer = ''
  await new Promise<void>((resolve, reject) => {
    const send = () => {
      const request = next()
      if (request === undefined) resolve()
      else socket.write(request)
    }
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the connection was closed')))
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
      const headersEnd = answer.indexOf('\r\n\r\n')
      if (headersEnd < 0) return
      const length = Number(/content-length: (\d+)/i.exec(answer)?.[1] ?? 0)
      if (answer.length < headersEnd + 4 + length) return
      if (!answer.startsWith('HTTP/1.1 200')) reject(new Error(`answered ${answer}`))
      answer = ''
      send()
    })
    send()
  })
  socket.removeAllListeners('close').destroy()
}

/** A request with its headers, as one piece of memory. */
function prepare({ type, bodies }: Form): readonly Uint8Array[] {
  return bodies.map((body) => {
    const head = `POST /v1/traces HTTP/1.1\r\nhost: localhost\r\ncontent-type: ${type}\r\ncontent-length: ${body.length}\r\n\r\n`
    return Buffer.concat([Buffer.from(head), body])
  })
}

async function playRound(program: Program, requests: readonly Uint8Array[]): Promise<Sample> {
  const cpuBefore = readCpuMicros(program.pid)
  const startMillis = performance.now()
  let left = requestsPerRound
  const next = () => {
    if (left === 0) return undefined
    left -= 1
    // Over all encodings, because the same spans in another one would be duplicates.
    program.nextRequest += 1
    return requests[program.nextRequest % requests.length]
  }
  await Promise.all(Array.from({ length: connections }, () => sendInTurn(program.url, next)))
  const seconds = (performance.now() - startMillis) / 1_000
  const spans = requestsPerRound * spansPerRequest
  return { rate: spans / seconds, cpuMicros: (readCpuMicros(program.pid) - cpuBefore) / spans }
}

/** Time on a core of all threads of a process; `NaN` where there is no /proc. */
function readCpuMicros(pid: number): number {
  try {
    const folder = `/proc/${pid}/task`
    const nanos = readdirSync(folder).map((thread) =>
      Number(readFileSync(`${folder}/${thread}/schedstat`, 'utf8').split(' ')[0]),
    )
    return nanos.reduce((sum, one) => sum + one, 0) / 1_000
  } catch {
    return Number.NaN
  }
}

/** Bytes that stay for each span in a store that is half full, and what the store thinks they are. */
function measureRetained(form: Form, parseBody: (body: Uint8Array) => readonly ResourceSpans[]) {
  const store = createTraceStore(
    { ...defaultBounds, storedBytesMax: Number.POSITIVE_INFINITY },
    Date.now,
  )
  collectGarbage()
  const before = readUsedBytes()
  for (const body of form.bodies.slice(0, requestsKept / 2)) store.addSpans(parseBody(body))
  collectGarbage()
  const { spans, bytes } = store.stats()
  return {
    form: form.name,
    spans,
    'bytes/span': Math.round((readUsedBytes() - before) / spans),
    'estimated bytes/span': Math.round(bytes / spans),
  }
}

/** Microseconds per span of what our collector does with a request, in this process and so with all that is collected. */
function measureParts([protobuf, json]: readonly Form[]) {
  const store = createTraceStore(defaultBounds, Date.now)
  const spanMetrics = createSpanMetrics(readCollectorConfig(configPath).spanMetrics, {
    nowNanos: () => BigInt(Date.now()) * 1_000_000n,
  })
  const parts = { 'read protobuf': 0, 'read JSON': 0, 'count in span metrics': 0, store: 0 }
  const time = <T>(part: keyof typeof parts, run: () => T): T => {
    const { user, system } = process.cpuUsage()
    const result = run()
    const after = process.cpuUsage()
    parts[part] += after.user + after.system - user - system
    return result
  }
  for (let pass = 0; pass < 3; pass += 1) {
    for (const part of Object.keys(parts)) Object.assign(parts, { [part]: 0 })
    for (let from = 0; from < requestsKept; from += 20) {
      const slice = <T>(list: readonly T[] = []) => list.slice(from, from + 20)
      const bodies = slice(json?.bodies).map((body) => Buffer.from(body))
      time('read JSON', () => bodies.map((body) => decodeRequest('traces', 'json', body)))
      const requests = time('read protobuf', () => slice(protobuf?.bodies).map(parseTracesProtobuf))
      time('count in span metrics', () => requests.map(spanMetrics.consume))
      time('store', () => requests.map(store.addSpans))
    }
  }
  const spans = requestsKept * spansPerRequest
  return Object.entries(parts).map(([part, micros]) => ({
    part,
    'CPU µs/span': (micros / spans).toFixed(2),
  }))
}

function readUsedBytes(): number {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const gc: unknown = runInNewContext('gc')
  if (typeof gc === 'function') for (let pass = 0; pass < 3; pass += 1) gc()
}

function describe(values: readonly number[], digits: number): string {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) =>
    (sorted[Math.round(share * (sorted.length - 1))] ?? 0).toFixed(digits)
  return `${at(0.5)} (${at(0)}–${at(1)})`
}

function describeForm(form: Form, programs: readonly Program[], samples: readonly Sample[][]) {
  // The real one is the last; alone, ours is compared with itself.
  const reference = samples.at(-1) ?? []
  return programs.map(({ name }, index) => {
    const own = samples[index] ?? []
    const ratios = (read: (one: Sample, other: Sample) => number) =>
      own.map((one, round) => read(one, reference[round] ?? one))
    return {
      form: form.name,
      collector: name,
      'thousand spans/s': describe(
        ratios(({ rate }) => rate / 1_000),
        0,
      ),
      'of its rate': describe(
        ratios((one, other) => one.rate / other.rate),
        2,
      ),
      'CPU µs/span': describe(
        ratios(({ cpuMicros }) => cpuMicros),
        2,
      ),
      'its CPU / ours': describe(
        ratios((one, other) => other.cpuMicros / one.cpuMicros),
        2,
      ),
    }
  })
}

// What is started inherits the core; then this process leaves it.
const isPinned = pin(process.pid, 0)
const { program: ours, child } = await startOurs()
const real = await startReal()
if (isPinned) pin(process.pid, 1)
const forms = createForms()
const programs = real === undefined ? [ours] : [ours, real.program]
try {
  const prepared = forms.map(prepare)
  const samples = forms.map(() => programs.map((): Sample[] => []))
  for (let round = -warmUpRounds; round < rounds; round += 1) {
    for (const [formIndex, requests] of prepared.entries()) {
      for (const [index, program] of programs.entries()) {
        const sample = await playRound(program, requests)
        if (round >= 0) samples[formIndex]?.[index]?.push(sample)
      }
    }
  }
  process.stdout.write(
    `${spansPerRequest} spans a request, ${connections} connections, ${rounds} rounds by turns, ` +
      `${isPinned ? 'one core each program' : 'on any core'}; median (least–most), node ${process.versions.node}\n`,
  )
  // biome-ignore lint/suspicious/noConsole: a table on the terminal is what this program is for.
  console.table(forms.flatMap((form, index) => describeForm(form, programs, samples[index] ?? [])))
  const sent = forms.length * (rounds + warmUpRounds) * requestsPerRound * spansPerRequest
  for (const { name, countSpans } of programs) {
    const counted = await countSpans()
    process.stdout.write(`${name}: sent ${sent} spans, counted ${counted}\n`)
    if (counted !== sent) process.exitCode = 1
  }
  const status: CollectorStatus = JSON.parse(await (await fetch(`${ours.url}/api/status`)).text())
  const { stored, evicted, duplicateSpans, memory } = status
  process.stdout.write(
    `stored ${stored.spans} spans of ${stored.traces} traces, evicted ${evicted.spans}, ` +
      `duplicates ${duplicateSpans}; resident ${Math.round(memory.rssBytes / 1e6)} MB\n`,
  )
} finally {
  child.kill('SIGTERM')
  await real?.[Symbol.asyncDispose]()
}

// biome-ignore lint/suspicious/noConsole: as above.
console.table(measureParts(forms))
const [protobuf, json] = forms
if (json !== undefined && protobuf !== undefined) {
  // biome-ignore lint/suspicious/noConsole: as above.
  console.table([
    measureRetained(json, (body) => readQuickTraces(body) ?? []),
    measureRetained(protobuf, parseTracesProtobuf),
  ])
}
