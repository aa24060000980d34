import type { ParityCase, Step, TracesJson } from '../replay/parity-case.ts'
import { connectorConfig, readOwnConfig, withoutInstance } from './configs.ts'
import {
  type AttributesJson,
  bool,
  bytes,
  double,
  empty,
  group,
  ids,
  int,
  list,
  map,
  request,
  span,
  text,
  type ValueJson,
} from './otlp-json.ts'
import { createRandom, type Random } from './random.ts'

// Random traffic: anything a sender may put together, from few enough pieces that series, resources and limits are met
// again and again.

const values: readonly [ValueJson, ...ValueJson[]] = [
  text('a'),
  text('b'),
  text('1'),
  text(''),
  text('200'),
  int(1),
  int(200),
  double(1),
  double(0.5),
  double('NaN'),
  bool(true),
  bytes('AQ=='),
  list(text('a'), int(1)),
  map([{ key: 'k', value: text('v') }]),
  empty,
]

const keys = [
  'http.route',
  'http.request.method',
  'http.response.status_code',
  'db.system.name',
  'hono.runtime.name',
  'x',
  'other',
] as const

function randomAttributes(random: Random, countMax: number): AttributesJson {
  return Array.from({ length: random.int(countMax + 1) }, () => ({
    key: random.pick(keys),
    value: random.pick(values),
  }))
}

/** From nanoseconds to minutes, each order of magnitude as likely; some negative. */
function randomNanos(random: Random): bigint {
  const nanos = BigInt(random.int(10 ** (1 + random.int(11))))
  return random.int(20) === 0 ? -nanos : nanos
}

function randomRequest(random: Random, number: number): TracesJson {
  const groups = Array.from({ length: 1 + random.int(4) }, (_, index) => {
    const service = random.pick(['web', 'api', 'worker', undefined])
    const resource = [
      ...(service === undefined ? [] : [{ key: 'service.name', value: text(service) }]),
      ...randomAttributes(random, 2),
    ]
    const spans = Array.from({ length: 1 + random.int(12) }, (__, position) =>
      span({
        ...ids(number * 1000 + index * 100 + position),
        name: random.pick(['GET /', 'GET /:id', 'SELECT todos', '']),
        kind: random.int(7),
        status: random.int(4),
        nanos: randomNanos(random),
        attributes: randomAttributes(random, 5),
      }),
    )
    return group(resource, spans)
  })
  return request(...groups)
}

function randomSteps(seed: number): readonly Step[] {
  const random = createRandom(seed)
  return Array.from({ length: 4 }, (_, step) => ({
    send: Array.from({ length: random.int(5) }, (__, index) =>
      randomRequest(random, seed * 100 + step * 10 + index),
    ),
  }))
}

/** Settings by seed, so that each way to configure the connector meets some of this traffic. */
const configs: readonly [string, ...string[]] = [
  readOwnConfig(),
  connectorConfig({
    ...withoutInstance,
    dimensions: [{ name: 'x' }],
    exemplars: { enabled: true },
  }),
  connectorConfig({
    ...withoutInstance,
    dimensions: [{ name: 'x', default: 'none' }, { name: 'http.route' }],
    aggregation_cardinality_limit: 4,
    resource_metrics_key_attributes: ['service.name'],
    exemplars: { enabled: true, max_per_data_point: 1 },
  }),
  connectorConfig({
    ...withoutInstance,
    calls_dimensions: [{ name: 'http.response.status_code' }],
    resource_metrics_cache_size: 2,
    histogram: { unit: 's' },
  }),
]

/** @param count how many seeds to take, from 1. */
export function createGeneratedCases(count: number): readonly ParityCase[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `generated-${index + 1}`,
    config: configs[index % configs.length] ?? configs[0],
    steps: randomSteps(index + 1),
  }))
}
