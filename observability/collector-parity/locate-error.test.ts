import { expect, test } from 'vitest'
import { locateError } from './locate-error.ts'

// Messages as the OpenTelemetry Collector 0.165 writes them.

const name = 'c.yaml'
const text = `receivers:
  otlp:
    protocols:
      http:
        endpoint: 127.0.0.1:1
exporters:
  otlp_http/a:
    sending_queue:
      sizer: bits
processors:
  transform/x:
    metric_statements:
      - context: metric
        statements:
          - set(metric.nme, "$$1")
service:
  pipelines:
    traces:
      exporters: [otlp_http/b]
`
const header =
  'Error: failed to get config: cannot unmarshal the configuration: decoding failed due to the following error(s):\n\n'

test.each([
  [
    'Error: service::pipelines::traces: references exporter "otlp_http/b" which is not configured',
    'c.yaml:19: service::pipelines::traces: references exporter "otlp_http/b" which is not configured',
  ],
  [
    `${header}'exporters' error reading configuration for "otlp_http/a": decoding failed due to the following error(s):\n\n'sending_queue' decoding failed due to the following error(s):\n\n'' decoding failed due to the following error(s):\n\n'sizer' invalid sizer: "bits"`,
    `c.yaml:9: 'exporters' error reading configuration for "otlp_http/a": 'sending_queue': 'sizer' invalid sizer: "bits"`,
  ],
  [
    `${header}'receivers' error reading configuration for "otlp": decoding failed due to the following error(s):\n\n'protocols.http' decoding failed due to the following error(s):\n\n'otlpreceiver.HTTPConfig' has invalid keys: endpoint`,
    `c.yaml:5: 'receivers' error reading configuration for "otlp": 'protocols.http': 'otlpreceiver.HTTPConfig' has invalid keys: endpoint`,
  ],
  [
    'Error: processors::transform/x: unable to parse OTTL statement "set(metric.nme, \\"$1\\")": no such path',
    'c.yaml:15: processors::transform/x: unable to parse OTTL statement "set(metric.nme, \\"$1\\")": no such path',
  ],
  [
    `Error: 'metric_statements[0].context' unknown context`,
    `c.yaml:1: 'metric_statements[0].context' unknown context`,
  ],
  ['Error: something is wrong', 'c.yaml:1: something is wrong'],
])('%#: the place is found', (message, expected) => {
  expect(locateError(message, [{ name, text }])).toBe(expected)
})

test('of two files it is the one that more of the words are in, and of equals the later', () => {
  const over = { name: 'over.yaml', text: 'a: 1\nservice:\n  pipelines:\n    traces: {}\n' }
  const message = 'service::pipelines::traces: references exporter "otlp_http/b"'

  expect(locateError(message, [{ name, text }, over])).toMatch(/^c\.yaml:19: /)
  expect(locateError('service::pipelines: wrong', [{ name, text }, over])).toMatch(
    /^over\.yaml:3: /,
  )
})

test('what is no YAML is told by its own line', () => {
  expect(locateError('Error: yaml', [{ name, text: 'a: 1\nb: [1\nc: 2\n' }])).toMatch(
    /^c\.yaml:3: not valid YAML: /,
  )
})
