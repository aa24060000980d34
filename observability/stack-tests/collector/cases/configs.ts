import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseDocument } from 'yaml'
import { repositoryFolder } from '../program/collector-binary.ts'

/**
 * Our own `collector.yaml`, less what has no part in the span metrics: so a golden file that holds it
 * does not change with the exporters.
 */
export function readOwnConfig(): string {
  const file = join(repositoryFolder, 'observability', 'stack', 'collector.yaml')
  const document = parseDocument(readFileSync(file, 'utf8'))
  const value = (...path: readonly string[]): unknown => document.getIn(path, true)
  const names = 'transform/span_metrics_names'
  const pipeline = 'metrics/span_metrics'
  const kept = parseDocument('{}')
  kept.setIn(['receivers', 'otlp', 'protocols', 'http', 'endpoint'], '127.0.0.1:0')
  kept.setIn(['processors', names], value('processors', names))
  kept.setIn(['connectors', 'span_metrics'], value('connectors', 'span_metrics'))
  kept.setIn(['exporters', 'otlp_http/lgtm', 'endpoint'], 'http://127.0.0.1:4418')
  kept.setIn(['service', 'pipelines', 'traces', 'receivers'], ['otlp'])
  kept.setIn(['service', 'pipelines', 'traces', 'exporters'], ['span_metrics'])
  kept.setIn(['service', 'pipelines', pipeline], value('service', 'pipelines', pipeline))
  return JSON.stringify(kept.toJS())
}

/**
 * A configuration that has these settings of the connector and otherwise its defaults.
 *
 * @param statements what a `transform` processor does to the metrics.
 */
export function connectorConfig(settings: object, statements: readonly object[] = []): string {
  return JSON.stringify({
    receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' } } } },
    processors: { transform: { error_mode: 'propagate', metric_statements: statements } },
    connectors: { span_metrics: settings },
    exporters: { 'otlp_http/lgtm': { endpoint: 'http://127.0.0.1:4418' } },
    service: {
      pipelines: {
        traces: { receivers: ['otlp'], exporters: ['span_metrics'] },
        metrics: {
          receivers: ['span_metrics'],
          processors: ['transform'],
          exporters: ['otlp_http/lgtm'],
        },
      },
    },
  })
}

/** The one dimension that is new at every start. */
export const withoutInstance = { exclude_dimensions: ['collector.instance.id'] }
