import type { Dimension, SpanMetricsConfig } from '../span-metrics/span-metrics-config.ts'
import type { ConfigNode } from './config-node.ts'
import {
  failAt,
  notImplemented,
  readBoolean,
  readDuration,
  readList,
  readMap,
  readText,
  unexpected,
} from './read-config.ts'

/** The connector's defaults, for a file without bounds. */
const defaultBoundsMillis = [
  2, 4, 6, 8, 10, 50, 100, 200, 400, 800, 1000, 1400, 2000, 5000, 10_000, 15_000,
]

/** Each bucket is a separate Prometheus series for every combination of dimensions. */
const boundsMax = 200

/** Reads the section `histogram` of the connector. */
export function parseHistogram(
  node: ConfigNode | undefined,
  parseDimensions: (node: ConfigNode | undefined) => readonly Dimension[],
): Pick<SpanMetricsConfig, 'histogram' | 'histogramDimensions'> {
  if (node === undefined) {
    return { histogram: { unit: 'ms', bounds: defaultBoundsMillis }, histogramDimensions: [] }
  }
  const map = readMap(node, ['disable', 'unit', 'explicit', 'exponential', 'dimensions'])
  const exponential = map.get('exponential')
  const explicit = map.get('explicit')
  if (exponential !== undefined) {
    if (explicit === undefined) throw notImplemented(exponential, 'an exponential histogram')
    throw failAt(exponential, 'explicit and exponential exclude each other; keep explicit')
  }
  const unit = parseUnit(map.get('unit'))
  const bounds = parseBounds(explicit, unit)
  return {
    histogram: readBoolean(map.get('disable'), false) ? null : { unit, bounds },
    histogramDimensions: parseDimensions(map.get('dimensions')),
  }
}

function parseUnit(node: ConfigNode | undefined): 'ms' | 's' {
  if (node === undefined) return 'ms'
  const unit = readText(node).toLowerCase()
  if (unit !== 'ms' && unit !== 's') throw unexpected(node, 'ms or s')
  return unit
}

function parseBounds(node: ConfigNode | undefined, unit: 'ms' | 's'): readonly number[] {
  const unitNanos = unit === 's' ? 1e9 : 1e6
  if (node === undefined) {
    return unit === 's' ? defaultBoundsMillis.map((bound) => bound / 1000) : defaultBoundsMillis
  }
  const buckets = readList(readMap(node, ['buckets']).get('buckets'))
  if (buckets.length > boundsMax) {
    throw failAt(node, `expected at most ${boundsMax} buckets, got ${buckets.length}`)
  }
  let last = -1n
  return buckets.map((bucket) => {
    const nanos = readDuration(bucket)
    // The Collector takes any order and then counts into the wrong buckets.
    if (nanos <= last) throw unexpected(bucket, 'a bound above the one before it')
    last = nanos
    // As the connector does it: one division of whole nanoseconds, so 7500us is 0.0075 exactly.
    return Number(nanos) / unitNanos
  })
}
