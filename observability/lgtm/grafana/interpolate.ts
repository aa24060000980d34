import type { Variable } from './read-dashboards.ts'

/** What is chosen of a variable: All, or some of its values. */
export type Choice = 'all' | readonly string[]

/** What a dashboard is set to. */
export type View = {
  readonly choices: ReadonlyMap<string, Choice>
  /** Of the time shown. */
  readonly rangeMillis: number
  /** Between two points: what Grafana makes of the range and the width of a panel. */
  readonly intervalMillis: number
  /** `timeInterval` of the data source. */
  readonly scrapeMillis: number
}

/**
 * Puts values in place of variables, as the Prometheus and Loki data sources of Grafana 13 do.
 *
 * A variable of which more than one value can be chosen is taken for part of a regular expression, so its
 * values are escaped, and several become `(a|b)`. `allValue` goes in as it stands.
 *
 * @throws Error that names a variable, or a format, that is not known.
 */
export function interpolate(expr: string, variables: readonly Variable[], view: View): string {
  return expr.replaceAll(/\$(?:\{([^}:]+)(?::([^}]+))?\}|(\w+))/g, (text, braced, format, bare) => {
    const name: string = braced ?? bare
    const time = renderTime(name, view)
    if (time !== undefined) return time
    const variable = variables.find((it) => it.name === name)
    const choice = view.choices.get(name)
    if (variable === undefined || choice === undefined)
      throw new Error(`${expr}: expected a variable of the dashboard, got ${text}`)
    if (format !== undefined) throw new Error(`${expr}: expected no format, got ${text}`)
    return renderChoice(variable, choice)
  })
}

function renderChoice({ name, multi, includeAll, allValue }: Variable, choice: Choice): string {
  if (choice === 'all') {
    if (includeAll && allValue !== undefined) return allValue
    throw new Error(`${name}: expected an allValue, which alone is never empty`)
  }
  const values = choice.map(multi || includeAll ? escapeRegex : escapeText)
  if (values.length > 1 && !multi) throw new Error(`${name}: expected one value, got ${choice}`)
  return values.length === 1 ? (values[0] ?? '') : `(${values.join('|')})`
}

/** Twice, since it stands in a string of PromQL or LogQL. */
function escapeRegex(value: string): string {
  return value.replaceAll('\\', '\\\\\\\\').replaceAll(/[$^*{}[\]'+?.()|]/g, '\\\\$&')
}

function escapeText(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')
}

function renderTime(name: string, view: View): string | undefined {
  const { rangeMillis, intervalMillis } = view
  switch (name) {
    case '__range':
      return `${Math.round(rangeMillis / 1000)}s`
    case '__interval':
    case '__auto':
      return `${intervalMillis}ms`
    case '__rate_interval':
      return `${rateIntervalMillis(view)}ms`
    default:
      return undefined
  }
}

/** At least four reports, and one more than the points are apart. */
export function rateIntervalMillis({
  intervalMillis,
  scrapeMillis,
}: Pick<View, 'intervalMillis' | 'scrapeMillis'>): number {
  return Math.max(intervalMillis + scrapeMillis, 4 * scrapeMillis)
}
