import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseLogsProtobuf, parseMetricsProtobuf, parseTracesProtobuf } from '../decode-protobuf.ts'
import { arbitraryLogs, arbitraryMetrics, arbitraryTraces } from '../testing/arbitrary-model.ts'
import {
  encodeLogsByProtobufjs,
  encodeMetricsByProtobufjs,
  encodeTracesByProtobufjs,
  logsType,
  metricsType,
  tracesType,
} from '../testing/protobufjs-encode.ts'
import { receive } from '../testing/receive.ts'
import { rewriteWire } from '../testing/rewrite-wire.ts'

const seed = fc.noShrink(fc.integer())

/** A small generator of our own, so that a run can be repeated from its seed. */
function randomFrom(start: number): () => number {
  let state = start
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return (state >>> 0) / 2 ** 32
  }
}

test('traces are the same however protobuf lays them out', () => {
  fc.assert(
    fc.property(arbitraryTraces, seed, (traces, start) => {
      const bytes = rewriteWire(tracesType, encodeTracesByProtobufjs(traces), randomFrom(start))
      expect(parseTracesProtobuf(bytes)).toEqual(traces)
    }),
    { numRuns: 300 },
  )
})

test('traces are the same whatever was read before of their names and attributes', () => {
  const names = ['', 'GET /', 'POST /']
  const lists = [[1], [1, 2], [1, 2, 3], [2], [3, 20_000], []].map((lengths) =>
    lengths.map((length) => ({ key: `key ${length}`, value: 'x'.repeat(length) })),
  )
  fc.assert(
    fc.property(arbitraryTraces, seed, (traces, start) => {
      const random = randomFrom(start)
      const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
      const alike = traces.map((group) => ({
        ...group,
        scopes: group.scopes.map((scope) => ({
          ...scope,
          items: scope.items.map((span) => ({
            ...span,
            name: pick(names),
            attributes: pick(lists),
          })),
        })),
      }))
      const plain = encodeTracesByProtobufjs(alike)
      for (const bytes of [plain, rewriteWire(tracesType, plain, random), plain]) {
        expect(parseTracesProtobuf(bytes)).toEqual(alike)
      }
    }),
    { numRuns: 300 },
  )
})

test('logs are the same however protobuf lays them out', () => {
  fc.assert(
    fc.property(arbitraryLogs, seed, (logs, start) => {
      const bytes = rewriteWire(logsType, encodeLogsByProtobufjs(logs), randomFrom(start))
      expect(parseLogsProtobuf(bytes)).toEqual(logs)
    }),
    { numRuns: 300 },
  )
})

test('metrics are the same however protobuf lays them out', () => {
  fc.assert(
    fc.property(arbitraryMetrics, seed, (metrics, start) => {
      const bytes = rewriteWire(metricsType, encodeMetricsByProtobufjs(metrics), randomFrom(start))
      expect(parseMetricsProtobuf(bytes)).toEqual(metrics.map(receive))
    }),
    { numRuns: 300 },
  )
})
