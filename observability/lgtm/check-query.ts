import { queryRecords, queryTotals } from './ask-loki.ts'
import { queryAt, queryEndOfRange } from './ask-prometheus.ts'
import type { View } from './grafana/interpolate.ts'
import type { PanelQuery } from './grafana/read-dashboards.ts'
import { countRecords, selectRecords } from './logql/count-records.ts'
import { parseLogql } from './logql/parse-logql.ts'
import { evaluate } from './promql/evaluate.ts'
import { chooseAgreement, findMismatches } from './promql/find-mismatches.ts'
import { parsePromql } from './promql/parse-promql.ts'
import type { Vector } from './promql/select-series.ts'
import type { Scene } from './scene.ts'

/** What came of a question. */
export type Checked = {
  /** Whether the program said anything, and whether it had to. */
  readonly hasData: boolean
  readonly isExpected: boolean
  /** Where what it said is not what was driven. */
  readonly mismatches: readonly string[]
}

/** Sends a panel's query, with its variables replaced, as Grafana does, and compares the answer with what was driven. */
export async function checkQuery(
  scene: Scene,
  query: PanelQuery,
  expr: string,
  view: View,
): Promise<Checked> {
  switch (query.datasource) {
    case 'prometheus':
      return checkPromql(scene, query, expr, view)
    case 'loki':
      return checkLogql(scene, query, expr, view)
    default:
      throw new Error(`${query.name}: expected prometheus or loki, got ${query.datasource}`)
  }
}

async function checkPromql(
  { lgtm, series, firstMillis, lastMillis }: Scene,
  { isInstant }: PanelQuery,
  expr: string,
  view: View,
): Promise<Checked> {
  const parsed = await parsePromql(lgtm.prometheusUrl, expr)
  const expected = evaluate(parsed, series, lastMillis - firstMillis)
  const actual = await askAtEnd(lgtm.prometheusUrl, isInstant, expr, lastMillis, view)
  return {
    hasData: actual.length > 0,
    isExpected: expected.length > 0,
    mismatches: findMismatches(expected, actual, chooseAgreement(expr)),
  }
}

/** At the moment of a report: later, Prometheus would guess what came since. */
export async function askAtEnd(
  prometheusUrl: string,
  isInstant: boolean,
  expr: string,
  endMillis: number,
  { rangeMillis, intervalMillis: stepMillis }: View,
): Promise<Vector> {
  if (isInstant) return queryAt(prometheusUrl, expr, endMillis)
  const startMillis = endMillis - Math.floor(rangeMillis / stepMillis) * stepMillis
  return queryEndOfRange(prometheusUrl, expr, { startMillis, endMillis, stepMillis })
}

async function checkLogql(
  { lgtm, logs, lastMillis }: Scene,
  { maxLines }: PanelQuery,
  expr: string,
  view: View,
): Promise<Checked> {
  const { intervalMillis, rangeMillis } = view
  const query = parseLogql(expr)
  const endMillis = Math.ceil(lastMillis / intervalMillis) * intervalMillis
  const range = { startMillis: endMillis - rangeMillis, endMillis }
  if (query.countBy !== undefined) {
    const expected = countRecords(query, logs)
    const actual = await queryTotals(lgtm.lokiUrl, expr, range, intervalMillis)
    return {
      hasData: actual.length > 0,
      isExpected: expected.length > 0,
      mismatches: findMismatches(expected, actual, 'exact'),
    }
  }
  if (maxLines === undefined) throw new Error(`${expr}: expected a panel of log records`)
  const expected = Math.min(selectRecords(query, logs).length, maxLines)
  const actual = (await queryRecords(lgtm.lokiUrl, expr, range, maxLines)).length
  return {
    hasData: actual > 0,
    isExpected: expected > 0,
    mismatches: actual === expected ? [] : [`expected ${expected} records, got ${actual}`],
  }
}
