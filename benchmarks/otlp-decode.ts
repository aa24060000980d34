import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { parseTracesJson } from '../observability/otlp/decode-json.ts'
import { parseTracesProtobuf } from '../observability/otlp/decode-protobuf.ts'
import { encodeTracesJson } from '../observability/otlp/encode-json.ts'
import { readQuickTraces } from '../observability/otlp/from-json/quick/read-quick-traces.ts'
import type { Attribute, ResourceSpans, Span } from '../observability/otlp/model.ts'
import {
  encodeTracesByProtobufjs,
  tracesType,
} from '../observability/otlp/testing/protobufjs-encode.ts'

// How fast OTLP is decoded, and what a decoded span weighs in memory.
//
//   node benchmarks/otlp-decode.ts
//
// The decoders take turns in short rounds, so that a busy machine slows all of them;
// compare the ratios, not the digits. protobufjs gives its own messages and not the
// model, which flatters it: turning them into something usable is not counted.

const spansPerRequest = 512
const requestsKept = 64
const rounds = 15
const roundMillis = 120

type Contender = { readonly name: string; readonly decode: (request: Request) => unknown }
type Request = {
  readonly protobuf: Uint8Array
  readonly json: string
  readonly jsonBytes: Uint8Array
  readonly jsonUnquoted: string
}

const contenders: readonly Contender[] = [
  { name: 'protobuf, own reader', decode: ({ protobuf }) => parseTracesProtobuf(protobuf) },
  { name: 'protobuf, protobufjs', decode: ({ protobuf }) => tracesType.decode(protobuf) },
  { name: 'JSON, quick reader', decode: ({ jsonBytes }) => readQuickTraces(jsonBytes) },
  { name: 'JSON', decode: ({ json }) => parseTracesJson(json) },
  { name: 'JSON, JSON.parse alone', decode: ({ json }): unknown => JSON.parse(json) },
  {
    name: 'JSON, unquoted nanoseconds',
    decode: (request) => parseTracesJson(request.jsonUnquoted),
  },
]

/** What the runtimes of this repository send: server spans and their database spans by turns. */
function createRequest(seed: number): Request {
  const spans = Array.from({ length: spansPerRequest }, (_, index) => createSpan(seed, index))
  const traces: readonly ResourceSpans[] = [
    {
      resource: {
        attributes: toAttributes({
          'service.name': 'todo-api',
          'service.version': '1.0.0',
          'service.instance.id': '0d7f4d3e-7a53-4d52-93a1-6f1f3c1c2f5a',
          'deployment.environment.name': 'local',
          'process.runtime.name': 'nodejs',
          'process.runtime.version': '24.21.0',
          'hono.runtime.name': 'node',
          'telemetry.sdk.language': 'nodejs',
        }),
        droppedAttributesCount: 0,
      },
      schemaUrl: '',
      scopes: [
        {
          scope: {
            name: '@hono/otel',
            version: '1.1.2',
            attributes: [],
            droppedAttributesCount: 0,
          },
          schemaUrl: '',
          items: spans,
        },
      ],
    },
  ]
  const json = encodeTracesJson(traces)
  return {
    protobuf: encodeTracesByProtobufjs(traces),
    json,
    jsonBytes: Buffer.from(json),
    jsonUnquoted: json.replace(/"(\d{19})"/g, '$1'),
  }
}

function createSpan(seed: number, index: number): Span {
  const isServer = index % 2 === 0
  const start = 1_792_000_000_000_000_000n + BigInt(seed * spansPerRequest + index) * 1_234_567n
  return {
    traceId: toHex(seed, index >>> 1, 16),
    spanId: toHex(seed, index, 8),
    parentSpanId: isServer ? '' : toHex(seed, index - 1, 8),
    traceState: '',
    flags: 257,
    name: isServer ? 'GET /api/v1/todos/:id' : 'SELECT todos',
    kind: isServer ? 2 : 3,
    startNanos: start,
    endNanos: start + 2_345_678n,
    attributes: isServer ? serverAttributes(seed, index) : databaseAttributes,
    droppedAttributesCount: 0,
    events: isServer
      ? []
      : [
          {
            timeNanos: start + 99n,
            name: 'db.connection.acquired',
            attributes: [],
            droppedAttributesCount: 0,
          },
        ],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: { code: 0, message: '' },
  }
}

function serverAttributes(seed: number, index: number): readonly Attribute[] {
  return toAttributes({
    'http.request.method': 'GET',
    'url.scheme': 'http',
    'url.path': `/api/v1/todos/${toHex(seed, index, 16)}`,
    'server.address': '127.0.0.1',
    'server.port': 8001n,
    'http.route': '/api/v1/todos/:id',
    'http.response.status_code': 200n,
    'user_agent.original': 'curl/8.5.0',
  })
}

const databaseAttributes = toAttributes({
  'db.system.name': 'postgresql',
  'db.namespace': 'todos',
  'db.operation.name': 'SELECT',
  'db.collection.name': 'todos',
  'db.query.text': 'select "id", "title", "description", "completed" from "todos" where "id" = $1',
  'db.query.summary': 'SELECT todos',
  'server.address': '127.0.0.1',
  'server.port': 54320n,
  'db.response.returned_rows': 1n,
})

function toAttributes(values: { readonly [key: string]: string | bigint }): readonly Attribute[] {
  return Object.entries(values).map(([key, value]) => ({ key, value }))
}

/** Spread over all digits like a real id, but the same in each run. */
function toHex(seed: number, index: number, bytes: number): string {
  const mixed = BigInt.asUintN(64, BigInt(seed * 1_000_003 + index + 1) * 0x9e3779b97f4a7c15n)
  return mixed
    .toString(16)
    .padStart(16, '1')
    .repeat(bytes / 8)
}

/** Spans decoded in a second, measured over about `roundMillis`. */
function measureRate({ decode }: Contender, requests: readonly Request[]): number {
  const start = performance.now()
  let spans = 0
  while (performance.now() - start < roundMillis) {
    for (const request of requests.slice(0, 4)) decode(request)
    spans += 4 * spansPerRequest
  }
  return (spans / (performance.now() - start)) * 1000
}

/** Bytes of heap that stay for each span when what was decoded is kept. */
function measureRetained({ decode }: Contender, requests: readonly Request[]): number {
  collectGarbage()
  const before = usedBytes()
  const kept = requests.map((request) => decode(request))
  collectGarbage()
  return (usedBytes() - before) / (kept.length * spansPerRequest)
}

function usedBytes(): number {
  const { heapUsed, external, arrayBuffers } = process.memoryUsage()
  return heapUsed + external + arrayBuffers
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const gc: unknown = runInNewContext('gc')
  if (typeof gc === 'function') for (let pass = 0; pass < 3; pass += 1) gc()
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[values.length >>> 1] ?? Number.NaN
}

const requests = Array.from({ length: requestsKept }, (_, seed) => createRequest(seed))
const rates = contenders.map((): number[] => [])
for (let round = -2; round < rounds; round += 1) {
  for (const [index, contender] of contenders.entries()) {
    const rate = measureRate(contender, requests)
    // The first two rounds are for the compiler.
    if (round >= 0) rates[index]?.push(rate)
  }
}

const [first] = rates
const own = median(first ?? [])
const rows = contenders.map((contender, index) => {
  const samples = rates[index] ?? []
  const [low, middle, high] = [Math.min(...samples), median(samples), Math.max(...samples)]
  return {
    decoder: contender.name,
    'spans/s': Math.round(middle / 1000) * 1000,
    ratio: (middle / own).toFixed(2),
    spread: `${(low / own).toFixed(2)} – ${(high / own).toFixed(2)}`,
    'bytes/span': Math.round(measureRetained(contender, requests)),
  }
})
const bytes = requests[0]?.protobuf.length ?? 0
const characters = requests[0]?.json.length ?? 0
process.stdout.write(
  `${spansPerRequest} spans a request: ${bytes} bytes of protobuf, ${characters} of JSON; ` +
    `${rounds} rounds by turns, node ${process.versions.node}\n`,
)
// biome-ignore lint/suspicious/noConsole: a table on the terminal is what this program is for.
console.table(rows)
