import type { ParityCase } from '../replay/parity-case.ts'
import { connectorConfig, readOwnConfig, withoutInstance } from './configs.ts'
import { attributes, group, ids, request, span, text, webSpans } from './otlp-json.ts'

function named(count: number, from = 0): readonly object[] {
  return Array.from({ length: count }, (_, index) =>
    span({ ...ids(from + index), name: `span ${from + index}` }),
  )
}

/** `count` spans of one series. */
function repeated(count: number, name: string, from = 0): readonly object[] {
  return Array.from({ length: count }, (_, index) =>
    span({ ...ids(from + index), name, nanos: BigInt(from + index) * 1000n }),
  )
}

function ofService(name: string, ...spans: readonly object[]): object {
  return group(attributes({ 'service.name': text(name) }), spans)
}

const noIds = '00000000000000000000000000000000'

export const limitCases: readonly ParityCase[] = [
  {
    name: 'overflow',
    config: connectorConfig({
      ...withoutInstance,
      aggregation_cardinality_limit: 5,
      exemplars: { enabled: true },
    }),
    steps: [
      { send: [webSpans(...named(4))] },
      { send: [webSpans(...named(4)), webSpans(...named(4, 4))] },
      { send: [request(ofService('other', ...named(7)), ofService('web', ...named(9, 2)))] },
      { send: [] },
    ],
  },
  {
    name: 'overflow-of-one-metric',
    config: connectorConfig({
      ...withoutInstance,
      aggregation_cardinality_limit: 3,
      calls_dimensions: [{ name: 'x' }],
    }),
    steps: [
      {
        send: [
          webSpans(
            ...['a', 'b', 'c', 'd', 'e'].map((x) =>
              span({ attributes: attributes({ x: text(x) }) }),
            ),
          ),
        ],
      },
      { send: [] },
    ],
  },
  {
    name: 'exemplars',
    config: connectorConfig({
      ...withoutInstance,
      exemplars: { enabled: true, max_per_data_point: 2 },
    }),
    steps: [
      { send: [webSpans(...repeated(1, 'a'))] },
      { send: [webSpans(...repeated(3, 'a', 10)), webSpans(...repeated(2, 'b', 20))] },
      { send: [webSpans(...repeated(1, 'b', 30)), webSpans(...repeated(5, 'b', 40))] },
      { send: [] },
      { send: [webSpans(...repeated(1, 'a', 50))] },
    ],
  },
  {
    name: 'no-exemplars-allowed',
    config: connectorConfig({
      ...withoutInstance,
      exemplars: { enabled: true, max_per_data_point: 0 },
    }),
    steps: [{ send: [webSpans(...repeated(2, 'a'))] }],
  },
  {
    name: 'spans-without-ids',
    config: readOwnConfig(),
    steps: [
      {
        send: [
          webSpans(
            span({ name: 'no trace id', traceId: '' }),
            span({ name: 'zero trace id', traceId: noIds }),
            span({ name: 'no span id', spanId: '' }),
            span({ name: 'with ids' }),
          ),
        ],
      },
      { send: [] },
    ],
  },
  {
    name: 'malformed-requests',
    config: readOwnConfig(),
    steps: [
      {
        send: [
          webSpans(span({ traceId: 'xyz' })),
          webSpans(span({ traceId: '0af7' })),
          webSpans({ ...span(), kind: 'SPAN_KIND_CLIENT' }),
          webSpans({ ...span(), startTimeUnixNano: 'now' }),
          webSpans({ ...span(), startTimeUnixNano: '-1' }),
          webSpans(span({ attributes: [{ key: 'http.route', value: { intValue: 'x' } }] })),
          webSpans({ ...span(), name: 7 }),
          webSpans({ ...span(), unknownField: [1] }),
        ],
      },
      { send: [] },
    ],
  },
  {
    name: 'many-series',
    isLarge: true,
    config: readOwnConfig(),
    steps: Array.from({ length: 3 }, (_, step) => ({
      send: Array.from({ length: 3 }, (__, index) => webSpans(...named(200, 100 * (step + index)))),
    })),
  },
  {
    // The limit of our own file, and what comes past it.
    name: 'past-our-own-limit',
    isLarge: true,
    config: readOwnConfig(),
    steps: [{ send: [webSpans(...named(1000)), webSpans(...named(1005, 1000))] }],
  },
  {
    name: 'flushes-without-news',
    config: readOwnConfig(),
    steps: [
      { send: [] },
      { send: [webSpans(...named(2))] },
      { send: [] },
      { send: [] },
      { send: [webSpans(...named(3, 1))] },
      { send: [] },
    ],
  },
  {
    // The proportion of our own file: a resource expires before its series.
    name: 'expiration',
    config: connectorConfig({
      ...withoutInstance,
      exemplars: { enabled: true },
      metrics_expiration: '1s',
      series_expiration: '1500ms',
    }),
    steps: [
      { send: [request(ofService('silent', ...named(2)), ofService('busy', ...named(2)))] },
      { send: [request(ofService('busy', ...named(1)))], afterMillis: 1100 },
      { send: [request(ofService('busy', ...named(1)))] },
      { send: [request(ofService('silent', ...named(1)))] },
      { send: [request(ofService('busy', ...named(1)))], afterMillis: 600 },
      { send: [request(ofService('busy', ...named(2)))] },
      { send: [] },
      { send: [], afterMillis: 600 },
      { send: [] },
      { send: [] },
    ],
  },
  {
    name: 'series-that-expire-at-once-with-their-resource',
    config: connectorConfig({
      ...withoutInstance,
      metrics_expiration: '500ms',
      series_expiration: '500ms',
    }),
    steps: [
      { send: [webSpans(...named(2))] },
      { send: [], afterMillis: 600 },
      { send: [] },
      { send: [] },
    ],
  },
  {
    name: 'overflow-that-expires',
    config: connectorConfig({
      ...withoutInstance,
      aggregation_cardinality_limit: 1,
      series_expiration: '800ms',
    }),
    steps: [
      { send: [webSpans(...named(3))] },
      { send: [webSpans(...named(3))], afterMillis: 900 },
      { send: [webSpans(...named(3))] },
      { send: [] },
    ],
  },
]
