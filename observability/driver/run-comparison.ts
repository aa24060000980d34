import { judgeConventions } from '../comparison/conventions/judge-conventions.ts'
import type { Registry } from '../comparison/conventions/registry/registry.ts'
import { compareOperations } from '../comparison/operations/compare-operations.ts'
import type { OperationResult } from '../comparison/operations/operation-result.ts'
import { buildReport, type RuntimeFacts } from '../comparison/report/build-report.ts'
import { compareBaseline } from '../comparison/report/compare-baseline.ts'
import { type FailOn, judgeReport, renderFailOn } from '../comparison/report/judge-report.ts'
import { describeGaps, refuseBaseline } from '../comparison/report/refuse-baseline.ts'
import type { Report } from '../comparison/report/report-schema.ts'
import { createFacts, createResults, nameRuntime } from './create-results.ts'
import { describeRemaining } from './describe-remaining.ts'
import { describeResent } from './describe-resent.ts'
import { type DeclaredDifferences, findExceptions, findKnown } from './find-known.ts'
import { MeasureError, measure } from './measure.ts'
import { createRules, type Rules } from './play/create-rules.ts'
import { hideCookies } from './play/hide-cookies.ts'
import { assertTracesArrive, type CollectOptions, collectTraces } from './sources/collect-traces.ts'
import { hideCredentials } from './sources/credentials.ts'
import { nameFanOutFile } from './sources/fetch-fan-outs.ts'

/** Everything that one comparison needs, decided before the first request. */
export type RunOptions = Pick<
  Report['settings'],
  'rounds' | 'warmUpRounds' | 'ratePerSecond' | 'seed' | 'machine'
> &
  Omit<CollectOptions, 'runtimes'> & {
    readonly runtimes: readonly RuntimeFacts[]
    readonly reference: string
    readonly declared: DeclaredDifferences
    /** How something that is compared ended by itself; `null` while all of it runs. */
    readonly findEnded: () => string | null
    readonly baseline: Report | null
    readonly failOn: FailOn
    /** The semantic conventions that all of it is held to. Defaults to none. */
    readonly registry?: Registry
    readonly tool: Report['tool']
    readonly createdAt: string
  }

/** What a comparison gives. */
export type Run = {
  /** A finished comparison. */
  readonly report: Report
  /** Further files for the report's folder, by name: the traces of a fan-out as OTLP/JSON. */
  readonly files: Readonly<Record<string, string>>
}

/**
 * Measures, waits for the traces, compares, and gives the whole report.
 *
 * A failure after the first answers ends it early. The report then holds the failure, the results so far and exit code
 * 2.
 *
 * @throws MeasureError if a target does not answer at all, or an interrupt came before the first result: an empty
 * report would only overwrite an earlier one.
 */
export async function runComparison(options: RunOptions): Promise<Run> {
  const { runtimes, scenario, source, onPhase, signal } = options
  const measurement = await measure({
    ...options,
    targets: runtimes,
    onProgress: showProgress(options),
    onCold: (cold) => assertTracesArrive(cold, options),
  })
  const requests = measurement.requests.map((request) => ({
    ...request,
    answer: hideCookies(request.answer, scenario),
  }))
  if (signal.aborted && requests.length === 0) throw new MeasureError(measurement.failure ?? '')
  const collected = await collectTraces(measurement, options)
  onPhase('comparing')
  const results = createResults(
    scenario.operations.map(({ name }) => name),
    runtimes.map(({ name }) => name),
    requests,
    collected.traces,
  )
  const rules = createRules(scenario, source)
  const comparison = compareOperations(results, {
    reference: options.reference,
    known: [
      ...(scenario.known ?? []),
      ...runtimes.flatMap(({ name }) =>
        findKnown(
          options.declared,
          nameRuntime(name, results),
          nameRuntime(options.reference, results),
        ),
      ),
    ],
    occasional: scenario.occasional ?? [],
    hasLogs: source.hasLogs,
    ...rules,
  })
  // What ended by itself explains the rest, so it comes first.
  const ended = options.findEnded()
  const endings = [...new Set([measurement.failure, collected.failure, ...rules.failures])].flatMap(
    (reason) => reason ?? [],
  )
  const isPartial = endings.length > 0
  const report = buildReport(comparison, {
    createdAt: options.createdAt,
    tool: options.tool,
    status: isPartial ? 'partial' : 'complete',
    problems: [
      ...(ended === null ? [] : [ended]),
      ...endings,
      ...describeLoneliness(options),
      ...describeResent(requests),
      ...collected.notes,
    ],
    settings: {
      scenario: scenario.name,
      rounds: options.rounds,
      warmUpRounds: options.warmUpRounds,
      ratePerSecond: options.ratePerSecond,
      seed: options.seed,
      traces: source.title,
      hasLogs: source.hasLogs,
      isPaired: true,
      failOn: renderFailOn(options.failOn),
      machine: options.machine,
    },
    measurement: {
      roundsPlayed: measurement.roundsPlayed,
      requests: requests.length,
      lateRequests: measurement.lateRequests,
      lag: measurement.lag,
      rejection: measurement.rejection,
    },
    fanOuts: collected.fanOuts.map(({ operation, traceId, json }, index) => ({
      operation,
      traceId,
      file: json === null ? null : nameFanOutFile(operation, index),
    })),
    runtimes: runtimes.map((one) => ({ ...one, url: hideCredentials(one.url) })),
    played: results.map((result) => createFacts(result, measurement)),
    conventions: judgeByConventions(results, options),
  })
  const files = collected.fanOuts.flatMap(({ operation, json }, index) =>
    json === null ? [] : [[nameFanOutFile(operation, index), json] as const],
  )
  return { report: judge(report, options, rules), files: Object.fromEntries(files) }
}

/** Warming up counts as well: a round takes as long then as later. */
function showProgress({
  onPhase,
  rounds,
  warmUpRounds,
}: RunOptions): Parameters<typeof measure>[0]['onProgress'] {
  let begunAt: number | null = null
  return (phase, done, of) => {
    const text = `${phases[phase]} ${done} of ${of}`
    if (phase === 'cold') return onPhase(text)
    begunAt ??= performance.now()
    // It is said of a round that begins.
    const before = done - 1 + (phase === 'round' ? warmUpRounds : 0)
    const elapsed = performance.now() - begunAt
    onPhase(`${text}${describeRemaining(before, warmUpRounds + rounds, elapsed)}`)
  }
}

function judgeByConventions(
  results: readonly OperationResult[],
  { registry, runtimes, declared, scenario, source }: RunOptions,
): Report['conventions'] {
  if (registry === undefined) return null
  const own = runtimes.flatMap(({ name }) => findExceptions(declared, nameRuntime(name, results)))
  return judgeConventions(results, registry, {
    known: [...(scenario.known ?? []), ...own],
    hasLogTypes: source.flattensLogs !== true,
  })
}

/** A target without a reference has not passed a comparison. */
function describeLoneliness({ runtimes, baseline }: RunOptions): readonly string[] {
  const [only, ...others] = runtimes
  if (only === undefined || others.length > 0 || baseline !== null) return []
  return [`${only.name} was compared with nothing: name another runtime or target, or a baseline`]
}

const phases = { cold: 'first requests', 'warm-up': 'warming up', round: 'round' } as const

function judge(report: Report, { baseline, scenario, failOn }: RunOptions, rules: Rules): Report {
  const all = { ...rules, occasional: scenario.occasional ?? [] }
  const complete =
    baseline === null
      ? report
      : {
          ...report,
          problems: [...report.problems, ...describeGaps(baseline, report)],
          baseline: compareBaseline(baseline, report, all),
        }
  // Planned targets may have been left out since.
  const refusal =
    baseline === null
      ? null
      : refuseBaseline(baseline, {
          reference: report.reference,
          runtimes: report.runtimes.map(({ name }) => name),
          operations: report.operations.map(({ name }) => name),
        })
  const failures = [
    ...(refusal === null ? [] : [`nothing was compared with the baseline: it ${refusal}`]),
    ...judgeReport(complete, failOn, baseline?.conventions),
  ]
  const exitCode = report.status === 'partial' ? 2 : failures.length > 0 ? 1 : 0
  return { ...complete, outcome: { failures, exitCode } }
}
