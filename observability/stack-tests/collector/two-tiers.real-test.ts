import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseDocument } from 'yaml'
import { parseMetricsJson, parseTracesJson } from '../../otlp/decode-json.ts'
import { readAttribute } from '../../otlp/model.ts'
import { pollUntil } from '../../plumbing/poll-until.ts'
import { attributes, group, ids, request, span, text } from './cases/otlp-json.ts'
import { type OtlpSink, startSink } from './otlp-sink.ts'
import { repositoryFolder } from './program/collector-binary.ts'
import { runCollector } from './program/run-collector.ts'
import { post } from './replay/replay-on-collector.ts'

const services = Array.from({ length: 12 }, (_, index) => `service-${index}`)
const traces = 30

test('behind a gateway every service is counted by one Collector, and every trace kept whole by one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'otelcol-tiers-'))
  await using sinkA = await startSink()
  await using sinkB = await startSink()
  await using sinkC = await startSink()
  await using sinkD = await startSink()
  try {
    await using counterA = await runTier(
      ['collector.yaml', 'collector-two-tier-span-metrics.yaml'],
      sinkA,
      folder,
    )
    await using counterB = await runTier(
      ['collector.yaml', 'collector-two-tier-span-metrics.yaml'],
      sinkB,
      folder,
    )
    await using keeperC = await runTier(['collector-two-tier-traces.yaml'], sinkC, folder)
    await using keeperD = await runTier(['collector-two-tier-traces.yaml'], sinkD, folder)
    const gatewayFile = writeGateway(folder, {
      'load_balancing/by_service': [counterA.grpc, counterB.grpc],
      'load_balancing/by_trace': [keeperC.grpc, keeperD.grpc],
    })
    await using gateway = await runCollector({
      files: [gatewayFile],
      environment: { COLLECTOR_QUEUE_DIR: join(folder, 'gateway') },
      settings: { extensions: { health_check: { endpoint: '127.0.0.1:0' } } },
    })

    for (let trace = 0; trace < traces; trace++) {
      expect(await post(gateway.url, createTrace(trace))).toBe('taken')
    }

    await waitUntil(() => countCalls([sinkA, sinkB]) === services.length * traces)
    await waitUntil(() => countSpans([sinkC, sinkD]) === services.length * traces)
    const countedBy = [sinkA, sinkB].map((sink) => new Set(readCalls(sink).keys()))
    expect(countedBy.map(({ size }) => size > 0)).toEqual([true, true])
    expect(countedBy.flatMap((names) => [...names]).sort()).toEqual([...services].sort())
    const keptBy = [sinkC, sinkD].map((sink) => new Set(readTraceIds(sink)))
    expect(keptBy.map(({ size }) => size > 0)).toEqual([true, true])
    expect(keptBy.reduce((sum, { size }) => sum + size, 0)).toBe(traces)
    // The traces tier makes no metrics, the other keeps no traces.
    expect([...readCalls(sinkC), ...readCalls(sinkD)]).toEqual([])
    expect(countSpans([sinkA, sinkB])).toBe(0)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

/** One span of every service. */
function createTrace(number: number): object {
  const { traceId } = ids(number)
  return request(
    ...services.map((name, index) =>
      group(attributes({ 'service.name': text(name) }), [
        span({ traceId, spanId: ids(number * 100 + index).spanId }),
      ]),
    ),
  )
}

function runTier(files: readonly string[], sink: OtlpSink, folder: string) {
  return runCollector({
    files: files.map((name) => join('observability', 'stack', name)),
    environment: {
      LGTM_OTLP_ENDPOINT: sink.url,
      COLLECTOR_QUEUE_DIR: mkdtempSync(join(folder, 'queue-')),
    },
    settings: {
      extensions: { health_check: { endpoint: '127.0.0.1:0' } },
      exporters: {
        'otlp_http/lgtm': { encoding: 'json', sending_queue: { batch: { flush_timeout: '50ms' } } },
      },
      ...(files.includes('collector.yaml') && {
        connectors: { span_metrics: { metrics_flush_interval: '200ms' } },
      }),
    },
  })
}

/** The gateway as it stands, with addresses instead of names: on one machine all have one name. */
function writeGateway(folder: string, tiers: Readonly<Record<string, readonly string[]>>): string {
  const name = join(repositoryFolder, 'observability', 'stack', 'collector-two-tier-gateway.yaml')
  const document = parseDocument(readFileSync(name, 'utf8'))
  for (const [exporter, hostnames] of Object.entries(tiers)) {
    document.setIn(['exporters', exporter, 'resolver'], { static: { hostnames } })
  }
  const path = join(folder, 'gateway.yaml')
  writeFileSync(path, document.toString())
  return path
}

/** The last `calls` of each service. */
function readCalls({ requests }: OtlpSink): ReadonlyMap<string, bigint> {
  const calls = new Map<string, bigint>()
  for (const { path, body } of requests) {
    if (path !== '/v1/metrics') continue
    for (const { scopes } of parseMetricsJson(body.toString('utf8'))) {
      for (const { data, name } of scopes.flatMap(({ items }) => items)) {
        if (name !== 'traces.spanmetrics.calls' || data.type !== 'sum') continue
        for (const point of data.points) {
          calls.set(String(readAttribute(point.attributes, 'service')), BigInt(point.value ?? 0))
        }
      }
    }
  }
  return calls
}

function countCalls(sinks: readonly OtlpSink[]): number {
  return sinks
    .flatMap((sink) => [...readCalls(sink).values()])
    .reduce((sum, calls) => sum + Number(calls), 0)
}

function readTraceIds({ requests }: OtlpSink): readonly string[] {
  return requests
    .filter(({ path }) => path === '/v1/traces')
    .flatMap(({ body }) => parseTracesJson(body.toString('utf8')))
    .flatMap(({ scopes }) => scopes.flatMap(({ items }) => items.map(({ traceId }) => traceId)))
}

function countSpans(sinks: readonly OtlpSink[]): number {
  return sinks.flatMap(readTraceIds).length
}

async function waitUntil(holds: () => boolean): Promise<void> {
  if (!(await pollUntil(holds, 20_000))) throw new Error(`expected ${holds} within 20 s`)
}
