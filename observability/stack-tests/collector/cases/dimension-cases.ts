import type { ParityCase } from '../replay/parity-case.ts'
import { connectorConfig, withoutInstance } from './configs.ts'
import { attributes, bool, empty, int, list, map, span, text, webSpans } from './otlp-json.ts'

export const dimensionCases: readonly ParityCase[] = [
  {
    name: 'dimensions-of-one-metric',
    config: connectorConfig({
      namespace: '',
      exclude_dimensions: ['span.kind', 'status.code'],
      dimensions: [{ name: 'x' }],
      calls_dimensions: [{ name: 'error.type' }, { name: 'x' }],
      histogram: { unit: 's', dimensions: [{ name: 'y', default: 'none' }] },
    }),
    steps: [
      {
        send: [
          webSpans(
            ...['a', 'b'].flatMap((x) =>
              ['timeout', '500', undefined].map((type) =>
                span({
                  attributes: attributes({
                    x: text(x),
                    ...(type !== undefined && { 'error.type': text(type), y: text(type) }),
                  }),
                }),
              ),
            ),
          ),
        ],
      },
      { send: [] },
    ],
  },
  {
    name: 'no-default-dimensions',
    config: connectorConfig({
      exclude_dimensions: [
        'service.name',
        'span.name',
        'span.kind',
        'status.code',
        'collector.instance.id',
      ],
      histogram: { disable: true },
    }),
    steps: [
      { send: [webSpans(span(), span({ name: 'other', kind: 3, status: 2 }))] },
      { send: [webSpans(span())] },
    ],
  },
  {
    // Each statement sees what those before it have made, and an empty value counts as none.
    name: 'renames',
    config: connectorConfig({ ...withoutInstance, dimensions: [{ name: 'x' }, { name: 'y' }] }, [
      {
        context: 'metric',
        statements: [
          'set(metric.name, "a") where metric.name == "traces.span.metrics.calls"',
          'set(metric.name, "b") where metric.name == "a"',
          'set(metric.unit, "{span}") where metric.name == "b"',
          'set(metric.unit, "") where metric.name == "absent"',
        ],
      },
      {
        context: 'datapoint',
        statements: [
          'set(datapoint.attributes["y"], datapoint.attributes["x"]) where datapoint.attributes["x"] != nil',
          'set(datapoint.attributes["z"], datapoint.attributes["y"]) where datapoint.attributes["y"] != nil',
        ],
      },
    ]),
    steps: [
      {
        send: [
          webSpans(
            ...[
              undefined,
              text('1'),
              text(''),
              int(0),
              bool(false),
              empty,
              list(),
              map([]),
            ].flatMap((x, index) =>
              [undefined, text(`y ${index}`)].map((y) =>
                span({
                  name: `span ${index}`,
                  attributes: attributes({ ...(x && { x }), ...(y && { y }) }),
                }),
              ),
            ),
          ),
        ],
      },
      { send: [] },
    ],
  },
]
