import { DottedName } from '../chrome/dotted-name.tsx'
import { FirstOf } from '../chrome/first-of.tsx'
import { Empty, Waiting } from '../chrome/parts.tsx'
import { ServiceName } from '../chrome/service-name.tsx'
import { ask, fromJson } from '../state/asking/ask.ts'
import { usePolled } from '../state/asking/use-polled.ts'
import { countOf, formatSecond } from '../state/format.ts'
import { renderAttributeText } from '../trace/details/attribute-text.ts'
import { type MetricLine, readMetricList } from './metric-list.ts'

const refreshMillis = 5_000

/** The last values of the metrics that services send. */
export function MetricsView() {
  const polled = usePolled(
    'metrics',
    (signal) => ask('/api/metrics', fromJson(readMetricList), signal),
    refreshMillis,
  )
  const { value: list, problem } = polled.value
  return (
    <section class="view" aria-labelledby="view-title">
      <div class="view-head">
        <h1 id="view-title" tabIndex={-1}>
          Metrics
        </h1>
        <p class="muted" role="status">
          {list === undefined && problem === undefined && <Waiting />}
          {list !== undefined && countOf(list.metrics.length, 'metric')}
        </p>
      </div>
      <p class="muted above-table">
        The last values that services sent to <code>/v1/metrics</code>. Nothing older is kept:
        charts of them are Grafana’s job. The span metrics that the collector makes itself are at{' '}
        <a href="/metrics">/metrics</a>.
      </p>
      {problem !== undefined && (
        <Empty title="The collector cannot answer this">
          <p>{problem}</p>
        </Empty>
      )}
      {list?.metrics.length === 0 && (
        <Empty title="No service has sent a metric yet">
          <p>
            Let its OTLP exporter send metrics to <code>{location.origin}</code>.
          </p>
        </Empty>
      )}
      {list !== undefined && list.metrics.length > 0 && (
        <div class="table-scroll" tabIndex={0} role="group" aria-label="Metrics">
          <table class="operations is-metrics">
            <thead>
              <tr>
                <th scope="col">Metric</th>
                <th scope="col">Service</th>
                <th scope="col">Attributes</th>
                <th scope="col" class="is-number">
                  Last value
                </th>
                <th scope="col">Measured</th>
              </tr>
            </thead>
            {list.metrics.map((metric, index) => (
              // The same metric may come from two scopes of one service.
              <Metric key={index} metric={metric} />
            ))}
          </table>
        </div>
      )}
      {list !== undefined && list.evictedPoints > 0 && (
        <p class="muted">{countOf(list.evictedPoints, 'older value')} dropped to make room.</p>
      )}
    </section>
  )
}

function Metric({ metric }: { readonly metric: MetricLine }) {
  const { name, description, unit, type, temporality, points, firstSeen } = metric
  return (
    <tbody>
      <FirstOf
        items={points}
        noun="value"
        renderItem={({ attributes, value, count, time }, index) => (
          // Points have no id, and their order is that of their arrival.
          <tr key={index}>
            <th scope="row">
              {index === 0 && (
                <>
                  <span title={description}>
                    <DottedName name={name} />
                  </span>{' '}
                  <span class="muted">
                    {[type, temporality, unit].filter(Boolean).join(', ')}, since{' '}
                    {formatSecond(Date.parse(firstSeen), Date.now())}
                  </span>
                </>
              )}
            </th>
            <td>
              <ServiceName name={metric.service} />
            </td>
            <td class="metric-attributes">
              {attributes
                .map(({ key, value: own }) => `${key}=${renderAttributeText(own)}`)
                .join(' ') || '–'}
            </td>
            <td class="is-number">
              {value ?? '–'}
              {count !== null && <span class="muted"> of {count}</span>}
            </td>
            <td>{formatSecond(Date.parse(time), Date.now())}</td>
          </tr>
        )}
        wrapMore={(more) => (
          <tr>
            <td colSpan={5}>{more}</td>
          </tr>
        )}
      />
    </tbody>
  )
}
