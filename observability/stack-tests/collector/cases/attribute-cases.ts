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
  type ValueJson,
  webSpans,
} from './otlp-json.ts'

/** Values of every type, and neighbours that only their type tells apart. */
const oddValues: readonly ValueJson[] = [
  text(''),
  text('1'),
  text('GET'),
  text('true'),
  text('ünï ✓ 🚀'),
  text('\u0000'),
  text('\ufffd'),
  text('<a href="x">&\u2028\u2029\\"'),
  text('x'.repeat(100_000)),
  int(0),
  int(1),
  int(200),
  int(-1),
  int(9_007_199_254_740_993n),
  int(9_223_372_036_854_775_807n),
  int(-9_223_372_036_854_775_808n),
  { intValue: 404 },
  double(1),
  double('-0'),
  double(0),
  double(0.1),
  double(200),
  double(1e21),
  double(1e-7),
  double(5e-324),
  double(1.7976931348623157e308),
  double('NaN'),
  double('Infinity'),
  double('-Infinity'),
  bool(true),
  bool(false),
  bytes(''),
  bytes('AQID/+8='),
  list(),
  list(text('a'), int(1), double(1), bool(true), bytes('AA=='), empty, list(text('b'))),
  map([]),
  map(attributes({ b: int(1), a: map(attributes({ c: text('<') })) })),
  map([{ key: 'k' }, { key: '', value: text('empty key') }]),
  empty,
]

/** Each value with its text as a dimension, which counts as the same. */
const valuesAndTexts: readonly ValueJson[] = [
  double('NaN'),
  text('NaN'),
  double('Infinity'),
  text('Infinity'),
  double('-Infinity'),
  text('-Infinity'),
  double(1e21),
  text('1e+21'),
  bytes('AQID/+8='),
  text('AQID/+8='),
  // A number that JSON lacks leaves nothing of what it is in.
  list(double('NaN')),
  list(double('NaN'), int(1)),
  list(list(text('a'), double('-Infinity'))),
  map(attributes({ a: double('Infinity') })),
  text(''),
  list(text('a>b&c<d')),
  text('["a>b&c<d"]'),
  list(text('\u2028\u2029')),
  text('["\\u2028\\u2029"]'),
  list(text('\0\b\t\n\v\f\r\u001f"\\/\u007f\ufffd')),
  text('["\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f\\"\\\\/\u007f\ufffd"]'),
  list(double(1e21), double(1e20), double(1e-6), double(1e-7), double('-0'), double(5e-324)),
  text('[1e+21,100000000000000000000,0.000001,1e-7,-0,5e-324]'),
  list(int(9_223_372_036_854_775_807n), bool(true), empty),
  text('[9223372036854775807,true,null]'),
  list(bytes('')),
  list(text('')),
  text('[null]'),
  list(bytes('AQID/+8=')),
  text('["AQID/+8="]'),
  map([
    { key: 'a', value: int(1) },
    { key: 'a', value: int(2) },
  ]),
  text('{"a":2}'),
  map([
    { key: 'a', value: double('NaN') },
    { key: 'a', value: int(3) },
  ]),
  text('{"a":3}'),
  map(attributes({ '🚀': int(1), '\uffff': int(2), '': int(3), b: map([]) })),
  text('{"":3,"b":{},"\uffff":2,"🚀":1}'),
  nest(33, text('x')),
  nest(33, text('y')),
  text(`${'['.repeat(33)}"x"${']'.repeat(33)}`),
]

function nest(levels: number, core: ValueJson): ValueJson {
  return levels === 0 ? core : list(nest(levels - 1, core))
}

/** Spans that differ in one attribute alone. */
function spansWith(key: string, values: readonly ValueJson[]): readonly object[] {
  return values.map((value) => span({ attributes: [{ key, value }] }))
}

const oddLists: readonly AttributesJson[] = [
  [],
  [{ key: 'x' }],
  [
    { key: 'x', value: text('first') },
    { key: 'x', value: text('second') },
  ],
  [
    { key: 'x', value: empty },
    { key: 'x', value: text('second') },
  ],
  [{ key: '', value: text('no key') }],
  [{ key: 'X', value: text('another case') }],
  [{ key: 'x ', value: text('a space') }],
  [
    { key: '__proto__', value: text('p') },
    { key: 'constructor', value: text('c') },
  ],
]

const xyConfig = connectorConfig({
  ...withoutInstance,
  dimensions: [
    { name: 'x' },
    { name: 'y', default: 'none' },
    { name: 'z', default: '' },
    { name: '__proto__' },
  ],
})

export const attributeCases: readonly ParityCase[] = [
  {
    name: 'kinds-and-statuses',
    config: readOwnConfig(),
    steps: Array.from({ length: 2 }, () => ({
      send: [
        webSpans(
          ...[0, 1, 2, 3, 4, 5, 6, 99, -1].flatMap((kind) =>
            [undefined, 0, 1, 2, 3, -1].map((status) =>
              span({ kind, ...(status !== undefined && { status }) }),
            ),
          ),
        ),
      ],
    })),
  },
  {
    name: 'every-type-of-value',
    config: readOwnConfig(),
    steps: [
      { send: [webSpans(...spansWith('http.response.status_code', oddValues))] },
      { send: [webSpans(...spansWith('http.response.status_code', oddValues.toReversed()))] },
      {
        // Each a resource of its own, for the key attributes tell types apart.
        send: [
          request(
            ...oddValues.map((value) =>
              group(attributes({ 'service.name': text('web'), 'hono.runtime.name': value }), [
                span(),
              ]),
            ),
          ),
        ],
      },
      { send: [] },
    ],
  },
  {
    name: 'values-and-their-texts',
    config: readOwnConfig(),
    steps: [
      { send: [webSpans(...spansWith('http.route', valuesAndTexts))] },
      { send: [webSpans(...spansWith('http.route', valuesAndTexts.toReversed()))] },
      {
        // As key attributes of resources they are told apart by type, and so are many.
        send: [
          request(
            ...valuesAndTexts.map((value) =>
              group(attributes({ 'service.name': text('web'), 'hono.runtime.name': value }), [
                span(),
              ]),
            ),
          ),
        ],
      },
      { send: [] },
    ],
  },
  {
    name: 'odd-lists-of-attributes',
    config: xyConfig,
    steps: [
      {
        send: [
          webSpans(...oddLists.map((list) => span({ attributes: list }))),
          request(
            ...oddLists.map((list) =>
              group([{ key: 'service.name', value: text('web') }, ...list], [span()]),
            ),
          ),
        ],
      },
      {
        // The span comes before the resource, and the resource before the default.
        send: [
          request(
            group(attributes({ 'service.name': text('web'), x: text('r'), y: text('r') }), [
              span(),
              span({ attributes: attributes({ x: text('s') }) }),
              span({ attributes: attributes({ y: empty, z: empty }) }),
              span({ attributes: attributes({ y: text('none'), z: text('') }) }),
            ]),
          ),
        ],
      },
      { send: [] },
    ],
  },
  {
    name: 'names-of-spans',
    config: readOwnConfig(),
    steps: [
      {
        send: [
          webSpans(
            ...['', ' ', 'GET /', 'ü', '\u0000', 'a\nb', '🚀', 'x'.repeat(70_000)].map((name) =>
              span({ name }),
            ),
            span({ traceState: 'vendor=1,other=2' }),
          ),
        ],
      },
      { send: [] },
    ],
  },
  {
    // Escaped in JSON they can be sent, though no encoding of Unicode can hold them.
    name: 'halves-of-characters',
    config: readOwnConfig(),
    steps: [
      {
        send: [
          webSpans(
            ...['\ud83d', '\ude80', 'a\ud83db', '\ude80\ud83d', '\ufffd'].map((half) =>
              span({ name: half, attributes: attributes({ 'http.route': text(half) }) }),
            ),
          ),
        ],
      },
      { send: [] },
    ],
  },
  {
    // Both collectors tell series apart by text; the Collector joins the texts with NUL.
    name: 'nul-within-names',
    config: xyConfig,
    steps: [
      {
        send: [
          webSpans(
            span({ attributes: attributes({ x: text('1\u0000y:2'), y: text('3') }) }),
            span({ attributes: attributes({ x: text('1'), y: text('2\u0000y:3') }) }),
          ),
        ],
      },
      { send: [] },
    ],
  },
]
