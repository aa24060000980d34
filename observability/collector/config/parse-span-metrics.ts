import {
  collectorInstanceId,
  defaultDimensions,
} from '../span-metrics/dimensions/default-dimensions.ts'
import {
  attributeCharsMaxDefault,
  type Dimension,
  type SpanMetricsConfig,
  seriesMaxDefault,
} from '../span-metrics/span-metrics-config.ts'
import type { ConfigNode } from './config-node.ts'
import { parseHistogram } from './parse-histogram.ts'
import {
  type ConfigMap,
  failAt,
  notImplemented,
  readBoolean,
  readDuration,
  readInteger,
  readList,
  readMap,
  readText,
  readTexts,
  unexpected,
} from './read-config.ts'

/** All settings of the connector in 0.165, implemented or not. */
const settings = [
  'namespace',
  'dimensions',
  'calls_dimensions',
  'exclude_dimensions',
  'histogram',
  'exemplars',
  'events',
  'aggregation_temporality',
  'metrics_flush_interval',
  'metrics_expiration',
  'series_expiration',
  'metric_timestamp_cache_size',
  'resource_metrics_cache_size',
  'resource_metrics_key_attributes',
  'include_instrumentation_scope',
  'aggregation_cardinality_limit',
  'add_resource_attributes',
  'enable_metrics_sampling_method',
  'dimensions_cache_size',
] as const

const cumulative = 'AGGREGATION_TEMPORALITY_CUMULATIVE'
const countMax = 2 ** 31 - 1
const exemplarsMaxMax = 1000
/** Each resource may hold thousands of series. */
const resourcesMaxMax = 100_000
const dayNanos = 86_400_000_000_000n

/**
 * Reads the settings of the `span_metrics` connector.
 *
 * @throws ConfigError on what the Collector refuses, and on what it would do that the embedded
 * collector does not.
 */
export function parseSpanMetrics(node: ConfigNode): SpanMetricsConfig {
  if (node.content.type === 'scalar' && node.content.value === null) {
    return parseSpanMetrics({ ...node, content: { type: 'map', entries: new Map() } })
  }
  const map = readMap(node, settings)
  refuseUnimplemented(map)
  const namespace = map.get('namespace')
  return {
    namespace: namespace === undefined ? 'traces.span.metrics' : readText(namespace),
    dimensions: parseDimensions(map.get('dimensions')),
    callsDimensions: parseDimensions(map.get('calls_dimensions')),
    ...parseHistogram(map.get('histogram'), parseDimensions),
    excludeDimensions: readTexts(map.get('exclude_dimensions')),
    exemplarsMax: parseExemplars(map.get('exemplars')),
    flushIntervalMillis: parseFlushInterval(map.get('metrics_flush_interval')),
    metricsExpirationNanos: parseExpiration(map.get('metrics_expiration')),
    seriesExpirationNanos: parseExpiration(map.get('series_expiration')),
    resourcesMax: readInteger(map.get('resource_metrics_cache_size'), 1000, {
      min: 1,
      max: resourcesMaxMax,
    }),
    resourceKeyAttributes: readTexts(map.get('resource_metrics_key_attributes')),
    aggregationCardinalityLimit: readInteger(map.get('aggregation_cardinality_limit'), 0, {
      min: 0,
      max: countMax,
    }),
    seriesMax: seriesMaxDefault,
    attributeCharsMax: attributeCharsMaxDefault,
  }
}

function refuseUnimplemented(map: ConfigMap): void {
  const temporality = map.get('aggregation_temporality')
  if (temporality !== undefined && readText(temporality) !== cumulative) {
    if (readText(temporality) === 'AGGREGATION_TEMPORALITY_DELTA') throw notImplemented(temporality)
    throw unexpected(temporality, cumulative)
  }
  for (const name of ['add_resource_attributes', 'enable_metrics_sampling_method']) {
    const setting = map.get(name)
    if (setting !== undefined && readBoolean(setting, false)) throw notImplemented(setting)
  }
  const scopes = map.get('include_instrumentation_scope')
  if (scopes !== undefined && readTexts(scopes).length > 0) throw notImplemented(scopes)
  const events = map.get('events')
  if (events !== undefined) {
    const enabled = readMap(events, ['enabled', 'dimensions']).get('enabled')
    if (enabled !== undefined && readBoolean(enabled, false)) throw notImplemented(enabled)
  }
  // No longer used by the connector, and used for delta only.
  readInteger(map.get('dimensions_cache_size'), 0, { min: -countMax, max: countMax })
  readInteger(map.get('metric_timestamp_cache_size'), 0, { min: -countMax, max: countMax })
}

function parseDimensions(node: ConfigNode | undefined): readonly Dimension[] {
  const taken = new Set<string>([...defaultDimensions, collectorInstanceId])
  return readList(node).map((item) => {
    const map = readMap(item, ['name', 'default', 'glob'])
    const glob = map.get('glob')
    if (glob !== undefined) throw notImplemented(glob)
    const nameNode = map.get('name')
    const name = nameNode === undefined ? '' : readText(nameNode)
    if (nameNode === undefined || name === '') throw failAt(item, 'expected a name, got none')
    if (taken.has(name)) {
      throw failAt(nameNode, `duplicate dimension ${JSON.stringify(name)}; remove one of them`)
    }
    taken.add(name)
    const preset = map.get('default')
    return { name, default: preset === undefined ? null : readText(preset) }
  })
}

function parseExemplars(node: ConfigNode | undefined): number {
  if (node === undefined) return 0
  const map = readMap(node, ['enabled', 'max_per_data_point'])
  const max = readInteger(map.get('max_per_data_point'), 5, { min: 0, max: exemplarsMaxMax })
  return readBoolean(map.get('enabled'), false) ? max : 0
}

function parseFlushInterval(node: ConfigNode | undefined): number {
  if (node === undefined) return 60_000
  const nanos = readDuration(node)
  if (nanos < 1_000_000n || nanos > dayNanos) throw unexpected(node, 'a duration from 1ms to 24h')
  return Number(nanos / 1_000_000n)
}

function parseExpiration(node: ConfigNode | undefined): bigint {
  return node === undefined ? 0n : readDuration(node)
}
