// How many spans a second the embedded collector takes over HTTP, and what a stored span weighs.
//
//   node benchmarks/collector.ts
//
// The collector is the real program in a process of its own; the senders share the machine with it.
// The forms of the same spans take turns in short rounds, so that a busy machine slows all of them:
// compare the ratios, not the digits. It ends by itself after about 25 seconds.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Agent, request as openRequest } from 'node:http'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { defaultBounds } from '../observability/collector/bounds.ts'
import { createTraceStore } from '../observability/collector/store/trace-store.ts'
import { parseTracesJson } from '../observability/otlp/decode-json.ts'
import { parseTracesProtobuf } from '../observability/otlp/decode-protobuf.ts'
import { encodeTracesJson } from '../observability/otlp/encode-json.ts'
import type { ResourceSpans } from '../observability/otlp/model.ts'
import { encodeTracesByProtobufjs } from '../observability/otlp/testing/protobufjs-encode.ts'
import type { CollectorStatus } from '../observability/wire/status.ts'
import { buildExampleTraces } from './example-traces.ts'

const tracesPerRequest = 256
const spansPerRequest = 2 * tracesPerRequest
/** Together more spans than the store holds: a request that comes round again is new to it. */
const requestsKept = 240
const requestsPerRound = 60
const rounds = 8
const connections = 8

type Form = {
  readonly name: string
  readonly headers: Readonly<Record<string, string>>
  readonly bodies: readonly Uint8Array[]
}

/** Spans a second, and microseconds of the collector's processor per span. */
type Sample = { readonly rate: number; readonly cpuMicros: number }

function createForms(): readonly Form[] {
  const requests = Array.from({ length: requestsKept }, (_, seed) =>
    buildExampleTraces(seed, tracesPerRequest),
  )
  const json = requests.map((groups) => Buffer.from(encodeTracesJson(groups)))
  const protobuf = requests.map((groups) => encodeTracesByProtobufjs(groups))
  const zip = (bodies: readonly Uint8Array[]) => bodies.map((body) => gzipSync(body, { level: 1 }))
  const gzip = { 'content-encoding': 'gzip' }
  const asJson = { 'content-type': 'application/json' }
  const asProtobuf = { 'content-type': 'application/x-protobuf' }
  return [
    { name: 'JSON', headers: asJson, bodies: json },
    { name: 'JSON, gzip', headers: { ...asJson, ...gzip }, bodies: zip(json) },
    { name: 'protobuf', headers: asProtobuf, bodies: protobuf },
    { name: 'protobuf, gzip', headers: { ...asProtobuf, ...gzip }, bodies: zip(protobuf) },
  ]
}

async function startCollector(): Promise<{ child: ChildProcess; url: string }> {
  const main = fileURLToPath(new URL('../observability/collector/main.ts', import.meta.url))
  const child = spawn(process.execPath, [main, '--port', '0', '--no-keep'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line]: unknown[] = await once(child.stdout, 'data')
  const [url = ''] = /http:\/\/\S+/.exec(String(line)) ?? []
  return { child, url }
}

/** Over all forms, because the same spans in another form would be duplicates. */
let nextRequest = 0
const agent = new Agent({ keepAlive: true, maxSockets: connections })

function post(url: string, form: Form, body: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = openRequest(`${url}/v1/traces`, {
      agent,
      method: 'POST',
      headers: { ...form.headers, 'content-length': body.length },
    })
    request.on('error', reject).on('response', (response) => {
      response.resume().on('end', resolve)
      if (response.statusCode !== 200) reject(new Error(`answered ${response.statusCode}`))
    })
    request.end(body)
  })
}

async function playRound(url: string, pid: number, form: Form): Promise<Sample> {
  const cpuBefore = readCpuMicros(pid)
  const startMillis = performance.now()
  let left = requestsPerRound
  const sendInTurn = async () => {
    while (left > 0) {
      left -= 1
      const body = form.bodies[nextRequest % form.bodies.length]
      nextRequest += 1
      if (body !== undefined) await post(url, form, body)
    }
  }
  await Promise.all(Array.from({ length: connections }, sendInTurn))
  const seconds = (performance.now() - startMillis) / 1_000
  const spans = requestsPerRound * spansPerRequest
  return { rate: spans / seconds, cpuMicros: (readCpuMicros(pid) - cpuBefore) / spans }
}

/** User and system time of a process, in hundredths of a second; `NaN` where there is no /proc. */
function readCpuMicros(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) * 10_000
  } catch {
    return Number.NaN
  }
}

/** Bytes that stay for each span in a store that is half full, and what the store thinks they are. */
function measureRetained(form: Form, parse: (body: Uint8Array) => readonly ResourceSpans[]) {
  const store = createTraceStore(
    { ...defaultBounds, storedBytesMax: Number.POSITIVE_INFINITY },
    Date.now,
  )
  collectGarbage()
  const before = readUsedBytes()
  for (const body of form.bodies.slice(0, requestsKept / 2)) store.addSpans(parse(body))
  collectGarbage()
  const { spans, bytes } = store.stats()
  return {
    form: form.name,
    spans,
    'bytes/span': Math.round((readUsedBytes() - before) / spans),
    'estimated bytes/span': Math.round(bytes / spans),
  }
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

const forms = createForms()
const { child, url } = await startCollector()
try {
  const pid = child.pid ?? 0
  const samples = forms.map((): Sample[] => [])
  // The first two rounds are for the compiler.
  for (let round = -2; round < rounds; round += 1) {
    for (const [index, form] of forms.entries()) {
      const sample = await playRound(url, pid, form)
      if (round >= 0) samples[index]?.push(sample)
    }
  }
  const [first = []] = samples
  const rows = forms.map((form, index) => {
    const own = samples[index] ?? []
    const ratios = own.map(({ rate }, round) => rate / (first[round]?.rate ?? Number.NaN))
    return {
      form: form.name,
      'bytes/span': Math.round((form.bodies[0]?.length ?? 0) / spansPerRequest),
      'thousand spans/s': describe(
        own.map(({ rate }) => rate / 1_000),
        0,
      ),
      ratio: describe(ratios, 2),
      'collector CPU µs/span': describe(
        own.map(({ cpuMicros }) => cpuMicros),
        1,
      ),
    }
  })
  const status: CollectorStatus = JSON.parse(await (await fetch(`${url}/api/status`)).text())
  process.stdout.write(
    `${spansPerRequest} spans a request, ${connections} connections, ${rounds} rounds by turns; ` +
      `median (least–most), node ${process.versions.node}\n`,
  )
  // biome-ignore lint/suspicious/noConsole: a table on the terminal is what this program is for.
  console.table(rows)
  const { stored, evicted, duplicateSpans, memory, received } = status
  process.stdout.write(
    `taken ${received.spans}, stored ${stored.spans} spans of ${stored.traces} traces, ` +
      `evicted ${evicted.spans}, duplicates ${duplicateSpans}; ` +
      `resident ${Math.round(memory.rssBytes / 1e6)} MB\n`,
  )
} finally {
  agent.destroy()
  child.kill('SIGTERM')
}

const [json, , protobuf] = forms
if (json !== undefined && protobuf !== undefined) {
  // biome-ignore lint/suspicious/noConsole: as above.
  console.table([
    measureRetained(json, (body) => parseTracesJson(Buffer.from(body).toString('utf8'))),
    measureRetained(protobuf, parseTracesProtobuf),
  ])
}
