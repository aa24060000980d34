// How fast spans of known series are counted, against the way one would write it first: a Map whose
// key is the JSON of the dimensions. Run: node benchmarks/span-metrics.ts
//
// The two take turns within one process, so that a machine that grows hot or busy slows both; what
// is claimed is the ratio, and the spread of it over the rounds.

import { getHeapStatistics } from 'node:v8'
import { readCollectorConfig } from '../observability/collector/config/read-collector-config.ts'
import { createSpanMetrics } from '../observability/collector/span-metrics/span-metrics.ts'
import type { Dimension } from '../observability/collector/span-metrics/span-metrics-config.ts'
import type { AnyValue, Attribute, ResourceSpans, Span } from '../observability/otlp/model.ts'
import { readAttribute, SpanKind } from '../observability/otlp/model.ts'

const rounds = 21
/** Few enough to stay in the processor's caches, where spans that were just decoded are, too. */
const requests = 2_000
const passes = 10
const spansPerRequest = 3
const config = readCollectorConfig('observability/stack/collector.yaml').spanMetrics
const bounds = config.histogram?.bounds ?? []

type Counter = (groups: readonly ResourceSpans[]) => void

/** What one writes first: gather the dimensions, name the series by their JSON, count. */
function createBaseline(dimensions: readonly Dimension[]): Counter {
  type Series = { count: number; sum: number; buckets: number[]; exemplars: Exemplar[] }
  type Exemplar = { traceId: string; spanId: string; value: number }
  const resources = new Map<string, Map<string, Series>>()
  return (groups) => {
    for (const group of groups) {
      const attributes = group.resource.attributes
      const resourceKey = JSON.stringify(
        config.resourceKeyAttributes.map((name) => toText(readAttribute(attributes, name))),
      )
      let seriesByKey = resources.get(resourceKey)
      if (seriesByKey === undefined) {
        seriesByKey = new Map()
        resources.set(resourceKey, seriesByKey)
      }
      const service = toText(readAttribute(attributes, 'service.name'))
      for (const scope of group.scopes) {
        for (const span of scope.items) {
          const key = JSON.stringify([
            service,
            span.name,
            span.kind,
            span.status.code,
            ...dimensions.map(({ name }) =>
              toText(readAttribute(span.attributes, name) ?? readAttribute(attributes, name)),
            ),
          ])
          let series = seriesByKey.get(key)
          if (series === undefined) {
            series = { count: 0, sum: 0, buckets: Array(bounds.length + 1).fill(0), exemplars: [] }
            seriesByKey.set(key, series)
          }
          const seconds = Number(span.endNanos - span.startNanos) / 1e9
          series.count++
          series.sum += seconds
          const found = bounds.findIndex((bound) => bound >= seconds)
          const bucket = found < 0 ? bounds.length : found
          series.buckets[bucket] = (series.buckets[bucket] ?? 0) + 1
          if (series.exemplars.length < config.exemplarsMax) {
            series.exemplars.push({ traceId: span.traceId, spanId: span.spanId, value: seconds })
          }
        }
      }
    }
  }
}

function toText(value: AnyValue | undefined): string | null {
  return value === undefined ? null : String(value)
}

/** Each request is one batch of a server span and two database spans, as an adapter sends it. */
function createRequests(count: number, makeText: (text: string) => string): ResourceSpans[][] {
  const runtimes = ['node', 'workers', 'deno', 'bun', 'lambda']
  const operations = [
    ['GET', '/api/v1/todos', 200n, 'SELECT'],
    ['POST', '/api/v1/todos', 201n, 'INSERT'],
    ['GET', '/api/v1/todos/:id', 200n, 'SELECT'],
    ['GET', '/api/v1/todos/:id', 404n, 'SELECT'],
    ['PUT', '/api/v1/todos/:id', 200n, 'UPDATE'],
    ['DELETE', '/api/v1/todos/:id', 204n, 'DELETE'],
  ] as const
  const attribute = (key: string, value: AnyValue): Attribute => ({
    key: makeText(key),
    value: typeof value === 'string' ? makeText(value) : value,
  })
  return Array.from({ length: count }, (_, index) => {
    const runtime = runtimes[index % runtimes.length] ?? ''
    const [method, route, status, verb] =
      operations[(index * 7) % operations.length] ?? operations[0]
    const traceId = index.toString(16).padStart(32, 'a')
    const startNanos = 1_790_000_000_000_000_000n + BigInt(index) * 1_000_000n
    const createSpan = (part: Partial<Span>): Span => ({
      traceId,
      spanId: index.toString(16).padStart(16, 'b'),
      parentSpanId: '',
      traceState: '',
      flags: 0,
      name: '',
      kind: SpanKind.server,
      startNanos,
      endNanos: startNanos + BigInt(200_000 + ((index * 7919) % 30_000_000)),
      attributes: [],
      droppedAttributesCount: 0,
      events: [],
      droppedEventsCount: 0,
      links: [],
      droppedLinksCount: 0,
      status: { code: 0, message: '' },
      ...part,
    })
    const server = createSpan({
      name: makeText(`${method} ${route}`),
      attributes: [
        attribute('http.request.method', method),
        attribute('url.scheme', 'http'),
        attribute('url.path', `/api/v1/todos/${index}`),
        attribute('server.address', '127.0.0.1'),
        attribute('server.port', 8001n),
        attribute('user_agent.original', 'bench/1.0'),
        attribute('http.route', route),
        // A value of its own for every span: as decoded, equal numbers are not the same object.
        attribute('http.response.status_code', BigInt(String(status))),
      ],
    })
    const database = createSpan({
      name: makeText(`${verb} todos`),
      kind: SpanKind.client,
      attributes: [
        attribute('db.system.name', 'postgresql'),
        attribute('db.namespace', 'todos'),
        attribute('db.operation.name', verb),
        attribute('db.collection.name', 'todos'),
        attribute('db.query.text', 'select "id", "title" from "todos" where "id" = $1'),
        attribute('db.query.summary', `${verb} todos`),
        attribute('server.address', '127.0.0.1'),
        attribute('server.port', 5432n),
        attribute('db.response.returned_rows', 1n),
      ],
    })
    const resource = {
      attributes: [
        attribute('service.name', 'todo-api'),
        attribute('service.version', '0.1.0'),
        attribute('service.instance.id', `${runtime}-1`),
        attribute('deployment.environment.name', 'local'),
        attribute('process.runtime.name', 'nodejs'),
        attribute('process.runtime.version', '24.21.0'),
        attribute('hono.runtime.name', runtime),
        attribute('telemetry.sdk.language', 'nodejs'),
        attribute('telemetry.sdk.name', 'opentelemetry'),
        attribute('telemetry.sdk.version', '2.12.0'),
      ],
      droppedAttributesCount: 0,
    }
    const scope = { name: 'bench', version: '', attributes: [], droppedAttributesCount: 0 }
    const items = [server, database, database]
    return [{ resource, schemaUrl: '', scopes: [{ scope, schemaUrl: '', items }] }]
  })
}

function measure(counter: Counter, batches: readonly ResourceSpans[][]): number {
  const start = process.hrtime.bigint()
  for (let pass = 0; pass < passes; pass++) for (const batch of batches) counter(batch)
  const spans = batches.length * passes * spansPerRequest
  return Number(process.hrtime.bigint() - start) / spans
}

function summarise(values: readonly number[]) {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN
  return { low: at(0), median: at(0.5), high: at(1) }
}

function run(title: string, batches: readonly ResourceSpans[][]): void {
  const ours = createSpanMetrics(config, { nowNanos: () => 1_790_000_000_000_000_000n })
  const baseline = createBaseline(config.dimensions)
  for (let warmUp = 0; warmUp < 3; warmUp++) {
    measure(ours.consume, batches)
    measure(baseline, batches)
  }
  const oursNanos: number[] = []
  const baselineNanos: number[] = []
  for (let round = 0; round < rounds; round++) {
    const oursFirst = round % 2 === 0
    if (oursFirst) oursNanos.push(measure(ours.consume, batches))
    baselineNanos.push(measure(baseline, batches))
    if (!oursFirst) oursNanos.push(measure(ours.consume, batches))
  }
  const ratio = summarise(baselineNanos.map((nanos, round) => nanos / (oursNanos[round] ?? nanos)))
  const perSecond = (nanos: number) => `${Math.round(1e6 / nanos).toLocaleString('en')} k/s`
  const format = ({ low, median, high }: ReturnType<typeof summarise>) =>
    `${median.toFixed(0)} ns/span (${low.toFixed(0)}–${high.toFixed(0)}), ${perSecond(median)}`
  const { series } = ours.stats()
  print(
    `${title}: ${batches.length * passes * spansPerRequest} spans a round in requests of ${spansPerRequest}, ${series} series`,
  )
  print(`  span metrics  ${format(summarise(oursNanos))}`)
  print(`  JSON key      ${format(summarise(baselineNanos))}`)
  print(
    `  ratio         ${ratio.median.toFixed(1)} (${ratio.low.toFixed(1)}–${ratio.high.toFixed(1)})`,
  )
  const one = joinRequests(batches)
  print(
    `  allocated     ${allocatedPerSpan(ours.consume, batches)} bytes/span in requests of ${spansPerRequest}, ${allocatedPerSpan(ours.consume, one)} in one of ${countSpans(one)}`,
  )
}

/** All spans of the first runtime in one request: what is left is what a span alone costs. */
function joinRequests(batches: readonly ResourceSpans[][]): ResourceSpans[][] {
  const groups = batches.filter((_, index) => index % 5 === 0).flat()
  const [first] = groups
  if (first === undefined) return []
  return [[{ ...first, scopes: groups.flatMap((group) => group.scopes) }]]
}

function countSpans(batches: readonly ResourceSpans[][]): number {
  return batches.flat().reduce((sum, { scopes }) => sum + scopes.length * spansPerRequest, 0)
}

/** From the young generation's growth: the smallest of many short runs is one without a collection. */
function allocatedPerSpan(counter: Counter, batches: readonly ResourceSpans[][]): string {
  const some = batches.slice(0, 500)
  let least = Number.POSITIVE_INFINITY
  for (let warmUp = 0; warmUp < 200; warmUp++) for (const batch of some) counter(batch)
  for (let round = 0; round < 50; round++) {
    const before = getHeapStatistics().used_heap_size
    for (const batch of some) counter(batch)
    const grown = getHeapStatistics().used_heap_size - before
    if (grown >= 0) least = Math.min(least, grown)
  }
  return (least / countSpans(some)).toFixed(0)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

const interned = new Map<string, string>()
run(
  'interned text, as the OTLP decoder gives it',
  createRequests(requests, (text) => {
    if (!interned.has(text)) interned.set(text, text)
    return interned.get(text) ?? text
  }),
)
run(
  'text of its own for every span',
  createRequests(requests, (text) => Buffer.from(text).toString('utf8')),
)
