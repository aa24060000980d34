/** A dimension of the connector: an attribute of the span, else of the resource, else `default`. */
export type Dimension = { readonly name: string; readonly default: string | null }

/** What the settings of the `span_metrics` connector came to, units settled and defaults filled in. */
export type SpanMetricsConfig = {
  /** Metrics are named `{namespace}.calls`; with an empty namespace just `calls`. */
  readonly namespace: string
  /** Of both metrics, in the order in which they appear on points. */
  readonly dimensions: readonly Dimension[]
  readonly callsDimensions: readonly Dimension[]
  readonly histogramDimensions: readonly Dimension[]
  /** Default dimensions that are left out, such as `collector.instance.id`. */
  readonly excludeDimensions: readonly string[]
  /** `null` when the connector is told to make no histogram. */
  readonly histogram: {
    readonly unit: 'ms' | 's'
    /** Inclusive upper bounds in `unit`, ascending; the bucket above the last is implied. */
    readonly bounds: readonly number[]
  } | null
  /** Exemplars per point and flush; 0 when exemplars are off. */
  readonly exemplarsMax: number
  readonly flushIntervalMillis: number
  /** Silence after which a resource is dropped; 0 is never. */
  readonly metricsExpirationNanos: bigint
  /** Silence after which one series is dropped; 0 is never. */
  readonly seriesExpirationNanos: bigint
  /** Resources held; the least recently seen goes first. */
  readonly resourcesMax: number
  /** Resource attributes that tell resources apart; empty means all of them do. */
  readonly resourceKeyAttributes: readonly string[]
  /** Series per metric and resource, after which spans count as overflow; 0 is no limit. */
  readonly aggregationCardinalityLimit: number
  /**
   * Series over all resources, after which spans count as overflow. Own: the connector has no such
   * bound, but this process also holds the traces and would take them down with it.
   */
  readonly seriesMax: number
  /** Characters of attributes held over all series and resources. Own, for the same reason. */
  readonly attributeCharsMax: number
}

/**
 * The bounds that are ours, not the connector's. Set by what a scrape of them weighs, in which the
 * attributes of a series are repeated for every bucket: about a hundred megabytes at the worst.
 */
export const seriesMaxDefault = 20_000
/** Characters of all attributes of all series together. */
export const attributeCharsMaxDefault = 4 * 1024 * 1024
