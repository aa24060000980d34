/** The choice of a variable: All, or some of its values. */
export type Choice = 'all' | readonly string[]

/** A dashboard's settings. */
export type View = {
  readonly runtime: Choice
  readonly route: Choice
  /** Length of the time shown. */
  readonly rangeMillis: number
  /** Between two points: what Grafana makes of the range and the width of a panel. */
  readonly intervalMillis: number
  /** `timeInterval` of the data source. */
  readonly scrapeMillis: number
}

/**
 * Puts values in place of variables, as the Prometheus data source of Grafana 13 does: each is part of a regular
 * expression, and several become `(a|b)`.
 *
 * @throws Error that names a variable that is not known.
 */
export function fillVariables(expr: string, view: View): string {
  const values: Readonly<Record<string, string>> = {
    service: 'todo-api',
    runtime: renderChoice(view.runtime),
    route: renderChoice(view.route),
    __range: `${view.rangeMillis / 1000}s`,
    __rate_interval: `${rateIntervalMillis(view)}ms`,
  }
  return expr.replaceAll(/\$(\w+)/g, (text, name) => {
    const value = values[name]
    if (value === undefined) throw new Error(`${expr}: expected a known variable, got ${text}`)
    return value
  })
}

/** At least four reports, and one more than the points are apart. */
export function rateIntervalMillis({ intervalMillis, scrapeMillis }: View): number {
  return Math.max(intervalMillis + scrapeMillis, 4 * scrapeMillis)
}

function renderChoice(choice: Choice): string {
  if (choice === 'all') return '.*'
  // Escaped twice, since it stands in a string of PromQL.
  const values = choice.map((value) => value.replaceAll(/[$^*{}[\]'+?.()|]/g, '\\\\$&'))
  return values.length === 1 ? values.join() : `(${values.join('|')})`
}
