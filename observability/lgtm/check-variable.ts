import { queryLabelValues } from './ask-prometheus.ts'
import type { Variable } from './grafana/read-dashboards.ts'
import { parsePromql } from './promql/parse-promql.ts'
import { assertKnown, matches } from './promql/select-series.ts'
import type { Scene } from './scene.ts'

const labelValuesPattern = /^label_values\((.*),\s*(\w+)\)$/s

/** The values that a variable offers, and those that it must offer, both in order. */
export async function readVariable(
  { lgtm, series, firstMillis, lastMillis }: Scene,
  { datasource }: Variable,
  query: string,
): Promise<{ readonly offered: readonly string[]; readonly expected: readonly string[] }> {
  const [, selector, label] = labelValuesPattern.exec(query) ?? []
  if (selector === undefined || label === undefined || datasource !== 'prometheus')
    throw new Error(`${query}: expected label_values of Prometheus`)
  assertKnown([label])
  const offered = await queryLabelValues(lgtm.prometheusUrl, label, selector, {
    startMillis: firstMillis,
    endMillis: lastMillis,
  })
  // A range, because that is how Prometheus tells the matchers of a selector.
  const parsed = await parsePromql(lgtm.prometheusUrl, `${selector}[1m]`)
  if (parsed.type !== 'matrixSelector') throw new Error(`${selector}: expected a selector`)
  const matchers = parsed.matchers.filter(({ name }) => name !== '__name__')
  const own = series.filter(({ labels }) => matchers.every((it) => matches(it, labels)))
  const expected = new Set(own.flatMap(({ labels }) => labels[label] ?? []))
  return { offered: offered.toSorted(), expected: [...expected].sort() }
}
