import type { ParityCase } from '../replay/parity-case.ts'
import { connectorConfig, readOwnConfig, withoutInstance } from './configs.ts'
import {
  type AttributesJson,
  attributes,
  bool,
  bytes,
  double,
  empty,
  group,
  int,
  list,
  map,
  request,
  span,
  text,
} from './otlp-json.ts'

const web = { 'service.name': text('web') }

/** Resources that are one or not, by what tells them apart. */
const resources: readonly AttributesJson[] = [
  attributes(web),
  attributes({ ...web, a: text('1'), b: text('2') }),
  attributes({ b: text('2'), a: text('1'), ...web }),
  attributes({ ...web, a: text('1') }),
  attributes({ ...web, a: int(1) }),
  attributes({ ...web, a: double(1) }),
  attributes({ ...web, a: bool(true) }),
  attributes({ ...web, a: text('true') }),
  attributes({ ...web, a: bytes('MQ==') }),
  attributes({ ...web, a: empty }),
  attributes({ ...web, a: text('') }),
  attributes({ ...web, a: list(text('1'), text('2')) }),
  attributes({ ...web, a: list(text('2'), text('1')) }),
  attributes({ ...web, a: map(attributes({ p: int(1), q: int(2) })) }),
  attributes({ ...web, a: map(attributes({ q: int(2), p: int(1) })) }),
  attributes({ ...web, a: double(0) }),
  attributes({ ...web, a: double('-0') }),
  attributes({ ...web, a: double('NaN') }),
]

/** Values in place of a service's name. */
const serviceNames: readonly AttributesJson[] = [
  [],
  attributes({ 'service.namespace': text('n') }),
  [{ key: 'service.name' }],
  attributes({ 'service.name': empty }),
  attributes({ 'service.name': text('') }),
  attributes({ 'service.name': int(7) }),
  attributes({ 'service.name': bool(true) }),
  attributes({ 'service.name': list(text('web')) }),
  [
    { key: 'service.name', value: text('first') },
    { key: 'service.name', value: text('second') },
  ],
]

function everyOne(all: readonly AttributesJson[]): object[] {
  return all.map((resource) => group(resource, [span()]))
}

function numbered(from: number, to: number): object[] {
  return Array.from({ length: to - from }, (_, index) =>
    group(attributes({ 'service.name': text(`service ${from + index}`) }), [span()]),
  )
}

export const resourceCases: readonly ParityCase[] = [
  {
    name: 'resources-by-all-attributes',
    config: connectorConfig(withoutInstance),
    steps: [
      { send: [request(...everyOne(resources))] },
      { send: [request(...everyOne(resources.toReversed()))] },
    ],
  },
  {
    name: 'resources-by-key-attributes',
    config: connectorConfig({
      ...withoutInstance,
      resource_metrics_key_attributes: ['service.name', 'a'],
      dimensions: [{ name: 'b' }],
    }),
    steps: [
      { send: [request(...everyOne(resources))] },
      { send: [request(...everyOne(resources.toReversed()))] },
    ],
  },
  {
    name: 'names-of-services',
    config: readOwnConfig(),
    steps: [{ send: [request(...everyOne(serviceNames))] }, { send: [] }],
  },
  {
    name: 'duplicate-key-attributes',
    config: connectorConfig({
      ...withoutInstance,
      resource_metrics_key_attributes: ['service.name', 'a'],
    }),
    steps: [
      {
        send: [
          request(
            ...everyOne([
              attributes({ ...web, a: text('1') }),
              [...attributes({ ...web, a: text('1') }), { key: 'a', value: text('2') }],
            ]),
          ),
        ],
      },
      { send: [] },
    ],
  },
  {
    name: 'requests-without-spans',
    config: readOwnConfig(),
    steps: [
      { send: [{}, { resourceSpans: [] }, request({}), request({ resource: {}, scopeSpans: [] })] },
      { send: [request(group(attributes({ ...web, 'process.pid': int(1) }), []))] },
      { send: [request({ resource: { attributes: attributes(web) }, scopeSpans: [{}] })] },
      { send: [request({ scopeSpans: [{ spans: [span()] }] })] },
      { send: [request(group(attributes(web), [span()]))] },
      {
        send: [
          request(
            group(attributes({ 'service.name': text('idle') }), []),
            group(attributes(web), [span()]),
          ),
        ],
      },
      { send: [] },
    ],
  },
  {
    name: 'one-resource-in-many-groups',
    config: readOwnConfig(),
    steps: [
      {
        send: [
          request(
            group(attributes({ ...web, 'process.pid': int(1) }), [span()]),
            group(attributes({ ...web, 'process.pid': int(2) }), [span(), span()]),
            {
              resource: { attributes: attributes(web) },
              scopeSpans: [
                { scope: { name: 'a', version: '1' }, spans: [span()] },
                { scope: { name: 'b' }, schemaUrl: 'https://example.org/1', spans: [span()] },
                { spans: [span()] },
              ],
              schemaUrl: 'https://example.org/2',
            },
          ),
        ],
      },
      { send: [] },
    ],
  },
  {
    name: 'more-resources-than-kept',
    config: connectorConfig({ ...withoutInstance, resource_metrics_cache_size: 3 }),
    steps: [
      { send: [request(...numbered(0, 5))] },
      { send: [request(...numbered(3, 4))] },
      // Back before its last export, with its counts; and back after it, as a new one.
      { send: [request(...numbered(5, 8)), request(...numbered(3, 4))] },
      { send: [request(...numbered(0, 1))] },
      { send: [] },
      { send: [] },
    ],
  },
]
