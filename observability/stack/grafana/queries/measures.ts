import { type Label, label, type Spans, select, series } from './spans.ts'

/**
 * Over how long. `interval` is for lines: a window that is never shorter than four reports. `range` is for one
 * number: all of the time that the dashboard shows.
 */
export type Window = 'interval' | 'range'

/** The labels by which series are grouped. All other labels are summed up: instances, collectors, restarts. */
export type Grouping = { readonly by: readonly Label[]; readonly window: Window }

const windows = { interval: '$__rate_interval', range: '$__range' } as const

/** Spans per second. */
export function callRate(spans: Spans, grouping: Grouping, ...more: Spans): string {
  return sum(`rate(${select(series.calls, spans, ...more)}[${windows[grouping.window]}])`, grouping)
}

/** Spans in all. Not always whole: Prometheus estimates what it did not see at the edges. */
export function callCount(spans: Spans, grouping: Grouping, ...more: Spans): string {
  const counted = `increase(${select(series.calls, spans, ...more)}[${windows[grouping.window]}])`
  return sum(counted, grouping)
}

/** Share of answers with such a status, 0 to 1; see `share`. */
export function statusShare(spans: Spans, pattern: string, grouping: Grouping): string {
  const matching = callRate(spans, grouping, `${label.status}=~"${pattern}"`)
  return share(matching, callRate(spans, grouping))
}

/** Share of spans that failed, 0 to 1; see `share`. */
export function failureShare(spans: Spans, grouping: Grouping): string {
  const failed = callRate(spans, grouping, 'status_code="STATUS_CODE_ERROR"')
  return share(failed, callRate(spans, grouping))
}

/** Seconds that spans took, per second: 1 is one of them at all times. */
export function timeRate(spans: Spans, grouping: Grouping): string {
  return sum(`rate(${select(series.latencySum, spans)}[${windows[grouping.window]}])`, grouping)
}

/** Seconds that spans took in all. */
export function timeTotal(spans: Spans, grouping: Grouping): string {
  return sum(`increase(${select(series.latencySum, spans)}[${windows[grouping.window]}])`, grouping)
}

/** Share of the time of `whole` that `part` took; more than 1 where parts run side by side. See `share`. */
export function timeShare(part: Spans, whole: Spans, grouping: Grouping): string {
  return share(timeRate(part, grouping), timeRate(whole, grouping))
}

/** Seconds of `part` for each span of `whole`; see `share`. */
export function timePerSpan(part: Spans, whole: Spans, grouping: Grouping): string {
  const selected = select(series.latencyCount, whole)
  const count = sum(`rate(${selected}[${windows[grouping.window]}])`, grouping)
  return share(timeRate(part, grouping), count)
}

/** How many of `part` there were for each span of `whole`; see `share`. */
export function callsPerSpan(part: Spans, whole: Spans, grouping: Grouping): string {
  return share(callRate(part, grouping), callRate(whole, grouping))
}

/**
 * A quantile of durations, in seconds, as exact as the buckets of `collector.yaml`; longer durations show as 10 s. The
 * comparison with 0 drops NaN, the quantile of no requests.
 */
export function latencyQuantile(quantile: number, spans: Spans, grouping: Grouping): string {
  const rate = `rate(${select(series.latencyBucket, spans)}[${windows[grouping.window]}])`
  const buckets = `sum by (${['le', ...grouping.by].join(', ')}) (${rate})`
  return `histogram_quantile(${quantile}, ${buckets}) >= 0`
}

/** Spans per second in each bucket of durations, as a heat map wants them. */
export function latencyBuckets(spans: Spans): string {
  return `sum by (le) (rate(${select(series.latencyBucket, spans)}[${windows.interval}]))`
}

/**
 * `part / whole`: 0 where there is nothing of the part, and no point at all where the whole is 0.
 *
 * A series that nothing was counted in does not exist, and a division by it gives nothing, so a service without one
 * error would look like one without data. A division by 0 gives NaN.
 */
function share(part: string, whole: string): string {
  return `(${part} or 0 * ${whole}) / (${whole} > 0)`
}

function sum(rate: string, { by }: Grouping): string {
  return by.length === 0 ? `sum(${rate})` : `sum by (${by.join(', ')}) (${rate})`
}
