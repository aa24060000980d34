import type { MetricRename } from '../span-metrics/rename-metrics.ts'
import type { SpanMetricsConfig } from '../span-metrics/span-metrics-config.ts'
import { type ConfigNode, parseConfigNodes } from './config-node.ts'
import type { Environment } from './expand-environment.ts'
import { activeProcessors, componentType, findPipelines, type Pipeline } from './find-pipelines.ts'
import { type HttpReceiverConfig, parseHttpReceiver } from './parse-http-receiver.ts'
import { parseRenames } from './parse-renames.ts'
import { parseSpanMetrics } from './parse-span-metrics.ts'
import { type ConfigMap, failAt, notImplemented, readMap, readText } from './read-config.ts'

/** The embedded collector's part of the file that it shares with the OpenTelemetry Collector. */
export type CollectorConfig = HttpReceiverConfig & {
  readonly spanMetrics: SpanMetricsConfig
  /** Renames of span metrics between connector and exporter, in order. */
  readonly metricRenames: readonly MetricRename[]
}

/**
 * Takes the span metrics connector, the renaming of its metrics and the limits of the OTLP receiver
 * from a configuration of the OpenTelemetry Collector 0.165. Exporters and extensions are not read.
 *
 * @param environment The values for `${env:NAME}`.
 * @throws ConfigError for a malformed or unknown setting, and for one with which the Collector would give other span
 * metrics than the embedded collector: `file:line:column: setting: what came, what was expected`.
 */
export function parseCollectorConfig(
  text: string,
  fileName: string,
  environment: Environment = {},
): CollectorConfig {
  const root = readMap(parseConfigNodes(text, fileName, environment))
  const connector = findConnector(root)
  const spanMetrics = parseSpanMetrics(connector)
  const pipelines = findPipelines(root, connector)
  return {
    ...parseHttpReceiver(findReceiver(root, pipelines.traces)),
    spanMetrics,
    metricRenames: readRenames(root, pipelines.metrics),
  }
}

function findConnector(root: ConfigMap): ConfigNode {
  const connectors = readSection(root, 'connectors')
  const names = connectors.names.filter(isSpanMetrics)
  const [first, second] = names.map((name) => connectors.entry(name))
  if (first === undefined)
    throw failAt(connectors.node, 'expected a span_metrics connector, got none')
  if (second !== undefined) {
    throw failAt(
      second,
      `expected one span metrics connector, got a second one beside ${first.path}`,
    )
  }
  return first
}

function findReceiver(root: ConfigMap, traces: Pipeline): ConfigNode {
  for (const processor of activeProcessors(traces)) {
    throw notImplemented(processor, `${readText(processor)} before the span metrics`)
  }
  const name = traces.receivers.find((receiver) => componentType(receiver) === 'otlp')
  if (name === undefined) throw failAt(traces.node, 'expected an otlp receiver, got none')
  return findComponent(root, 'receivers', name, traces.node)
}

function readRenames(root: ConfigMap, metrics: Pipeline): readonly MetricRename[] {
  const other = metrics.receivers.find((receiver) => !isSpanMetrics(receiver))
  if (other !== undefined) {
    throw failAt(
      metrics.node,
      `expected the span metrics alone, got ${other} as well; give it a separate pipeline`,
    )
  }
  return activeProcessors(metrics).flatMap((processor) => {
    const name = readText(processor)
    if (componentType(name) !== 'transform') throw notImplemented(processor)
    return parseRenames(findComponent(root, 'processors', name, processor))
  })
}

function findComponent(
  root: ConfigMap,
  section: string,
  name: string,
  usedAt: ConfigNode,
): ConfigNode {
  const entry = readSection(root, section).entry(name)
  if (entry === undefined) throw failAt(usedAt, `${name} is not defined under ${section}`)
  return entry
}

function readSection(root: ConfigMap, name: string): ConfigMap {
  const node = root.get(name)
  if (node === undefined) throw failAt(root.node, `expected ${name}, got none`)
  return readMap(node)
}

/** `spanmetrics` is what the connector was called before 0.151. */
function isSpanMetrics(id: string): boolean {
  return ['span_metrics', 'spanmetrics'].includes(componentType(id))
}
