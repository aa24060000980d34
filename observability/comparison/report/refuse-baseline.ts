import type { Report } from './report-schema.ts'

/** What is about to be compared. */
export type PlannedRun = {
  readonly reference: string
  readonly runtimes: readonly string[]
  readonly operations: readonly string[]
}

/**
 * Why nothing would come of comparing a run with a baseline, in a sentence that goes on after
 * `the baseline`; `null` when something would. A check that had nothing to look at must not pass.
 */
export function refuseBaseline(baseline: Report, planned: PlannedRun): string | null {
  const names = listNames(baseline)
  const measured = baseline.operations.some(({ runtimes }) =>
    runtimes.some(({ repetitions }) => repetitions > 0),
  )
  if (!measured) return 'is of a run that ended before anything was measured; record it again'
  if (!planned.operations.some((name) => names.operations.includes(name))) {
    return `has none of the operations ${planned.operations.join(', ')}: it is of the scenario ${baseline.settings.scenario}`
  }
  if (!planned.runtimes.some((name) => names.runtimes.includes(name))) {
    return `has none of ${planned.runtimes.join(', ')}: it is of ${names.runtimes.join(', ')}`
  }
  if (baseline.reference !== planned.reference) {
    return `was compared with ${baseline.reference}, and this run would be with ${planned.reference}; choose the same with --reference, or record it again`
  }
  return null
}

/** What of a run and its baseline is not compared with each other, a sentence each. */
export function describeGaps(baseline: Report, report: Report): readonly string[] {
  const [then, now] = [listNames(baseline), listNames(report)]
  const without = (names: readonly string[], others: readonly string[]) =>
    names.filter((name) => !others.includes(name)).join(', ')
  const missing = [
    without(now.operations, then.operations),
    without(now.runtimes, then.runtimes),
  ].filter((names) => names !== '')
  const gone = [
    without(then.operations, now.operations),
    without(then.runtimes, now.runtimes),
  ].filter((names) => names !== '')
  const hasLogs = [baseline, report].map(({ settings }) => settings.hasLogs)
  return [
    ...(baseline.status === 'partial' ? ['the baseline is of a run that ended early'] : []),
    ...(missing.length > 0 ? [`the baseline has no ${missing.join(', ')}`] : []),
    ...(gone.length > 0 ? [`the baseline has ${gone.join(', ')}, and this run has not`] : []),
    ...(hasLogs.includes(true) && hasLogs.includes(false)
      ? ['log records are not compared with the baseline: one of the two runs has none']
      : []),
  ]
}

function listNames({ operations, runtimes }: Report) {
  return {
    operations: operations.map(({ name }) => name),
    runtimes: runtimes.map(({ name }) => name),
  }
}
