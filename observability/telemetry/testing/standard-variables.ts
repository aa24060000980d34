/** A variable of the specification, and what becomes of it. A blank in `names` parts several that do the same. */
type StandardVariable = {
  readonly names: string
  readonly isRead: boolean
  readonly does: string
}

const read = (names: string, does: string): StandardVariable => ({ names, isRead: true, does })
const unread = (names: string, does: string): StandardVariable => ({ names, isRead: false, does })

const otlp = (setting: string) =>
  ['', 'TRACES_', 'LOGS_'].map((signal) => `OTEL_EXPORTER_OTLP_${signal}${setting}`).join(' ')

/**
 * All variables of the specification's page on them and of its page on OTLP exporters.
 *
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export const standardVariables: readonly StandardVariable[] = [
  read('OTEL_SDK_DISABLED', '`true` switches telemetry off; log lines stay'),
  read('OTEL_SERVICE_NAME', 'defaults to the name of the application'),
  read('OTEL_RESOURCE_ATTRIBUTES', 'win over what a runtime says of itself'),
  read(
    'OTEL_PROPAGATORS',
    '`tracecontext`, `baggage`, both by default; with `none` no caller chooses a trace id',
  ),
  read(
    'OTEL_TRACES_SAMPLER',
    '`always_on`, `always_off`, `traceidratio`, each also as `parentbased_…`; default `parentbased_always_on`',
  ),
  read('OTEL_TRACES_SAMPLER_ARG', 'for `traceidratio`, 0 to 1; default 1'),
  unread('OTEL_LOG_LEVEL', 'nothing: the SDK itself logs nothing here'),
  unread('OTEL_ENTITIES', 'nothing'),
  read(
    'OTEL_TRACES_EXPORTER OTEL_LOGS_EXPORTER',
    '`otlp` or `none`; default `otlp`. Log lines are on standard output in any case',
  ),
  read(
    otlp('ENDPOINT'),
    'default `http://localhost:4318`. The common one gets the path of each signal. User and password become an `authorization` header, unless one is set',
  ),
  read(otlp('PROTOCOL'), '`http/protobuf` is the only one'),
  read(otlp('HEADERS'), 'never shown'),
  read(
    otlp('COMPRESSION'),
    '`gzip` or `none`, the default. On Workers a batch is compressed while it is sent, which counts as CPU time there',
  ),
  read(otlp('TIMEOUT'), 'default 800 ms; on Lambda an answer may wait for it. 0: none'),
  read(
    'OTEL_BSP_EXPORT_TIMEOUT OTEL_BLRP_EXPORT_TIMEOUT',
    'default 30,000 ms; the smaller of this and the one above counts. 0: none, but a stop waits for 10 s at most',
  ),
  read(
    'OTEL_BSP_SCHEDULE_DELAY OTEL_BLRP_SCHEDULE_DELAY',
    'default 1000 ms. Nothing on Workers, which send 50 ms after an answer, and on Lambda, which sends before it answers',
  ),
  read(
    'OTEL_BSP_MAX_QUEUE_SIZE OTEL_BLRP_MAX_QUEUE_SIZE',
    'default: as many as fit into 64 MB for each of the two, 8 MB on Workers and Lambda; at most 1,000,000. 64 MB are 70 s at 1000 requests a second, 8 MB are 8900 requests',
  ),
  read('OTEL_BSP_MAX_EXPORT_BATCH_SIZE OTEL_BLRP_MAX_EXPORT_BATCH_SIZE', 'default 512'),
  read(
    'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT',
    'default 4096 characters; 0 is not possible',
  ),
  read(
    'OTEL_ATTRIBUTE_COUNT_LIMIT OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT',
    'default 128',
  ),
  read(
    'OTEL_SPAN_EVENT_COUNT_LIMIT OTEL_SPAN_LINK_COUNT_LIMIT OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT OTEL_LINK_ATTRIBUTE_COUNT_LIMIT',
    'default 128',
  ),
  unread(
    `${otlp('CERTIFICATE')} ${otlp('CLIENT_KEY')} ${otlp('CLIENT_CERTIFICATE')}`,
    'nothing. Node, Deno and Bun also trust the certificates that `NODE_EXTRA_CA_CERTS` names. With `OTEL_DENO` on, Deno itself reads these variables and exits if the file is missing',
  ),
  unread(otlp('INSECURE'), 'nothing: it is for gRPC'),
  unread(
    'OTEL_METRICS_EXPORTER OTEL_METRICS_EXEMPLAR_FILTER OTEL_METRIC_EXPORT_INTERVAL OTEL_METRIC_EXPORT_TIMEOUT OTEL_EXPORTER_OTLP_METRICS_ENDPOINT OTEL_EXPORTER_OTLP_METRICS_PROTOCOL OTEL_EXPORTER_OTLP_METRICS_HEADERS OTEL_EXPORTER_OTLP_METRICS_COMPRESSION OTEL_EXPORTER_OTLP_METRICS_TIMEOUT OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY OTEL_EXPORTER_OTLP_METRICS_CLIENT_CERTIFICATE OTEL_EXPORTER_OTLP_METRICS_INSECURE OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION',
    'nothing: the service sends no metrics, the collector derives them from spans. Deno reads some of these itself when `OTEL_DENO` is on',
  ),
  unread(
    'OTEL_EXPORTER_ZIPKIN_ENDPOINT OTEL_EXPORTER_ZIPKIN_TIMEOUT OTEL_EXPORTER_ZIPKIN_PROTOCOL OTEL_EXPORTER_PROMETHEUS_HOST OTEL_EXPORTER_PROMETHEUS_PORT',
    'nothing: there is no such exporter',
  ),
  unread(
    'OTEL_CONFIG_FILE OTEL_EXPERIMENTAL_CONFIG_FILE',
    'nothing: there is no declarative configuration, and the variables are obeyed beside it',
  ),
]
