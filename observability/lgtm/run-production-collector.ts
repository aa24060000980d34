import { type RunningCollector, runCollector } from '../collector-parity/run-collector.ts'

export type ProductionOptions = {
  /** Where LGTM takes OTLP. */
  readonly lgtmUrl: string
  readonly queueFolder: string
  /** Of its own receiver, so that it can come back where it was. Defaults to a free one. */
  readonly port?: number
}

/** How often the span metrics come here, which is every 15 s in production. */
export const flushMillis = 500

/** observability/collector.yaml as it stands, but for ports and shorter waits. */
export function runProductionCollector({
  lgtmUrl,
  queueFolder,
  port = 0,
}: ProductionOptions): Promise<RunningCollector> {
  return runCollector({
    files: ['observability/collector.yaml'],
    environment: { LGTM_OTLP_ENDPOINT: lgtmUrl, COLLECTOR_QUEUE_DIR: queueFolder },
    settings: {
      receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${port}` } } } },
      extensions: { health_check: { endpoint: '127.0.0.1:0' } },
      connectors: { span_metrics: { metrics_flush_interval: `${flushMillis}ms` } },
      exporters: {
        'otlp_http/lgtm': {
          timeout: '2s',
          retry_on_failure: { initial_interval: '100ms', max_interval: '500ms' },
          sending_queue: { batch: { flush_timeout: '100ms' } },
        },
      },
    },
  })
}
