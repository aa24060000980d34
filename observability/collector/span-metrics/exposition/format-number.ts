/**
 * A double as Prometheus and OpenMetrics write it, which is as Go's `%g` does: the shortest digits
 * that read back the same, with an exponent below 1e-4 and from 1e6 on.
 */
export function formatFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  const [mantissa = '', exponentText] = value.toExponential().split('e')
  const exponent = Number(exponentText)
  // In this range ECMAScript writes shortest digits without an exponent, too.
  if (value === 0 || (exponent >= -4 && exponent < 6))
    return Object.is(value, -0) ? '-0' : `${value}`
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${`${Math.abs(exponent)}`.padStart(2, '0')}`
}

/**
 * A bucket's bound in OpenMetrics, where `1` and `1.0` would be two different labels: canonical is
 * the form that shows it to be a float.
 */
export function formatCanonicalFloat(value: number): string {
  const text = formatFloat(value)
  return /^-?\d+$/.test(text) ? `${text}.0` : text
}

/** Seconds since the Unix epoch, all nine digits of the nanoseconds kept. */
export function formatSeconds(nanos: bigint): string {
  const fraction = `${nanos % 1_000_000_000n}`.padStart(9, '0').replace(/0+$/, '')
  return `${nanos / 1_000_000_000n}${fraction === '' ? '' : `.${fraction}`}`
}
