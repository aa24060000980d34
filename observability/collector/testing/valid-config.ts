import { type CollectorConfig, parseCollectorConfig } from '../config/collector-config.ts'
import { ConfigError } from '../config/config-error.ts'
import type { Environment } from '../config/expand-environment.ts'

/** The smallest configuration that the embedded collector accepts, for tests to change one thing of. */
export const validConfig = `receivers:
  otlp:
    protocols:
      http:
        endpoint: 127.0.0.1:4318
processors:
  batch:
  transform/names:
    metric_statements:
      - context: metric
        statements:
          - set(metric.name, "b") where metric.name == "a"
connectors:
  span_metrics:
    namespace: n
exporters:
  debug:
service:
  pipelines:
    traces:
      receivers: [otlp]
      processors: [batch]
      exporters: [debug, span_metrics]
    metrics/spans:
      receivers: [span_metrics]
      processors: [transform/names]
      exporters: [debug]
`

/** The same with other settings of the connector, which begin on line 15 at column 5. */
export function withConnector(settings: string): string {
  return validConfig.replace('    namespace: n\n', () => indent(settings, 4))
}

/** The same with other settings of HTTP, which begin on line 5 at column 9. */
export function withHttp(settings: string): string {
  return validConfig.replace('        endpoint: 127.0.0.1:4318\n', () => indent(settings, 8))
}

/** The same with another content of the transform processor, from line 9, column 5. */
export function withTransform(settings: string): string {
  const start = validConfig.indexOf('    metric_statements')
  const end = validConfig.indexOf('connectors:')
  return validConfig.slice(0, start) + indent(settings, 4) + validConfig.slice(end)
}

function indent(text: string, columns: number): string {
  return text
    .split('\n')
    .map((line) => `${' '.repeat(columns)}${line}\n`)
    .join('')
}

export function parse(text: string, environment: Environment = {}): CollectorConfig {
  return parseCollectorConfig(text, 'c.yaml', environment)
}

/** The message with which the text is refused. */
export function readRefusal(text: string, environment: Environment = {}): string {
  try {
    parse(text, environment)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  throw new Error('expected a refusal, got a configuration')
}
