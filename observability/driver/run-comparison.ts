import { answerRules } from '../comparison/answer-rules.ts'
import { buildReport, type RuntimeFacts } from '../comparison/build-report.ts'
import { compareBaseline } from '../comparison/compare-baseline.ts'
import { compareOperations } from '../comparison/compare-operations.ts'
import { type FailOn, judgeReport } from '../comparison/judge-report.ts'
import type { KnownDifference } from '../comparison/known-differences.ts'
import type { Report } from '../comparison/report-schema.ts'
import { createSeededRandom } from '../comparison/seeded-random.ts'
import type { TraceTree } from '../comparison/trace.ts'
import { volatileRules } from '../comparison/volatile-rules.ts'
import { type ArrivedTraces, awaitTraces, describeIncomplete } from './await-traces.ts'
import { createClientSpans } from './client-spans.ts'
import { type FanOut, playFanOut } from './fan-out.ts'
import { MeasureError, type Measurement, measure } from './measure.ts'
import type { PlayedRequest } from './play-round.ts'
import { createFacts, createResults, type NamedRuntime, nameRuntime } from './run-results.ts'
import type { Scenario } from './scenario.ts'
import { type SendOptions, sendSpans } from './send-spans.ts'
import type { TraceSource } from './trace-source.ts'

export type RunOptions = Pick<
  Report['settings'],
  'rounds' | 'warmUpRounds' | 'ratePerSecond' | 'seed' | 'machine'
> & {
  readonly runtimes: readonly RuntimeFacts[]
  readonly reference: string
  readonly scenario: Scenario
  readonly fanOut: boolean
  readonly source: TraceSource
  /** Where the driver's own spans go; `null`: nowhere. */
  readonly sendTo: SendOptions | null
  readonly settleMillis: number
  readonly waitMillisMax: number
  /**
   * What is known to differ, by the name of what is compared and of what it is compared with,
   * and by what their own spans call the runtime.
   */
  readonly findKnown: (own: NamedRuntime, reference: NamedRuntime) => readonly KnownDifference[]
  readonly baseline: Report | null
  readonly failOn: FailOn
  readonly tool: Report['tool']
  readonly createdAt: string
  readonly onPhase: (text: string) => void
  readonly signal: AbortSignal
}

/**
 * Measures, waits for the traces, compares, and gives the whole report.
 *
 * What goes wrong after the first answers ends it early and is in the report, with what was
 * measured so far and exit code 2.
 *
 * @throws MeasureError when a target does not answer at all.
 */
export async function runComparison(options: RunOptions): Promise<Report> {
  const { runtimes, scenario, source, onPhase, signal } = options
  const problems: string[] = []
  const measurement = await measure({
    ...options,
    targets: runtimes,
    onProgress: (phase, done, of) => onPhase(`${phases[phase]} ${done} of ${of}`),
    onCold: (cold) => assertTracesArrive(cold, options),
  })
  if (measurement.failure !== null) problems.push(measurement.failure)
  const { cold, requests } = measurement
  const fanOuts = await tryFanOut(options, measurement, problems)
  await trySendSpans(options, [...cold, ...requests], fanOuts, problems)
  const arrived = await tryAwaitTraces(options, requests, problems)
  if (arrived !== null) problems.push(...describeIncomplete(arrived, requests))
  if (!source.hasLogs) problems.push(`log records are not compared: ${source.title} has none`)
  onPhase('comparing')
  const traces = arrived?.traces ?? new Map<string, TraceTree>()
  const results = createResults(
    scenario.operations.map(({ name }) => name),
    runtimes.map(({ name }) => name),
    requests,
    traces,
  )
  const comparison = compareOperations(results, {
    reference: options.reference,
    known: [
      ...(scenario.known ?? []),
      ...runtimes.flatMap(({ name }) =>
        options.findKnown(nameRuntime(name, results), nameRuntime(options.reference, results)),
      ),
    ],
    occasional: scenario.occasional ?? [],
    ...createRules(scenario),
  })
  const isPartial = measurement.failure !== null || arrived === null || signal.aborted
  const report = buildReport(comparison, {
    createdAt: options.createdAt,
    tool: options.tool,
    status: isPartial ? 'partial' : 'complete',
    problems,
    settings: {
      scenario: scenario.name,
      rounds: options.rounds,
      warmUpRounds: options.warmUpRounds,
      ratePerSecond: options.ratePerSecond,
      seed: options.seed,
      traces: source.title,
      hasLogs: source.hasLogs,
      machine: options.machine,
    },
    measurement: {
      roundsPlayed: measurement.roundsPlayed,
      requests: measurement.requests.length,
      lateRequests: measurement.lateRequests,
      lag: measurement.lag,
      rejection: measurement.rejection,
    },
    fanOuts: fanOuts.map(({ operation, traceId }) => ({ operation, traceId })),
    runtimes,
    played: results.map((result) => createFacts(result, measurement)),
  })
  return judge(report, options, isPartial)
}

/** How long traces are waited for after an interrupt. */
const interruptedMillisMax = 1500

const phases = { cold: 'first requests', 'warm-up': 'warming up', round: 'round' } as const

function createRules({ volatile = [], answers = {} }: Scenario) {
  return {
    volatile: [...volatileRules, ...volatile],
    answers: {
      headers: [...answerRules.headers, ...(answers.headers ?? [])],
      body: [...answerRules.body, ...(answers.body ?? [])],
    },
  }
}

function judge(report: Report, options: RunOptions, isPartial: boolean): Report {
  const { baseline, scenario, failOn } = options
  const rules = { ...createRules(scenario), occasional: scenario.occasional ?? [] }
  const compared = baseline === null ? null : compareBaseline(baseline, report, rules)
  const complete = { ...report, baseline: compared }
  const failures = [...judgeReport(complete, failOn)]
  const exitCode = isPartial ? 2 : failures.length > 0 ? 1 : 0
  return { ...complete, outcome: { failures, exitCode } }
}

/** A minute of measuring whose traces go nowhere is a minute lost: one trace of each is awaited first. */
async function assertTracesArrive(
  cold: readonly PlayedRequest[],
  { runtimes, source, waitMillisMax, onPhase, signal }: RunOptions,
): Promise<void> {
  onPhase('looking for the first traces')
  const first = runtimes.flatMap(({ name }) => cold.find(({ runtime }) => runtime === name) ?? [])
  const { incomplete } = await askSource(source, first, { settleMillis: 0, waitMillisMax, signal })
  const lost = incomplete.filter(({ lack }) => lack === 'trace')
  if (lost.length === 0 || signal.aborted) return
  const names = lost.map(({ request }) => request.runtime).join(', ')
  throw new MeasureError(
    `${names}: no trace of the first request arrived at ${source.title} within ${waitMillisMax / 1000} s; does it send there, and does it sample?`,
  )
}

async function tryFanOut(
  { fanOut, runtimes, scenario, seed, onPhase }: RunOptions,
  { failure }: Measurement,
  problems: string[],
): Promise<readonly FanOut[]> {
  if (!fanOut || failure !== null) return []
  onPhase('asking all of them in one trace')
  try {
    return await playFanOut(runtimes, scenario, createSeededRandom(seed))
  } catch (error) {
    problems.push(`the fan-out failed: ${describeError(error)}`)
    return []
  }
}

async function trySendSpans(
  { sendTo, onPhase }: RunOptions,
  played: readonly PlayedRequest[],
  fanOuts: readonly FanOut[],
  problems: string[],
): Promise<void> {
  if (sendTo === null) {
    problems.push('the spans of the driver were sent nowhere; --collector says where to')
    return
  }
  onPhase("sending the driver's own spans")
  try {
    const spans = [...createClientSpans(played), ...fanOuts.flatMap((one) => one.spans)]
    await sendSpans(spans, sendTo)
  } catch (error) {
    problems.push(`the spans of the driver could not be sent: ${describeError(error)}`)
  }
}

async function tryAwaitTraces(
  { source, settleMillis, waitMillisMax, onPhase, signal }: RunOptions,
  requests: readonly PlayedRequest[],
  problems: string[],
): Promise<ArrivedTraces | null> {
  try {
    return await askSource(source, requests, {
      // Who has interrupted it wants what there is, and soon; once more ends it at once.
      ...(signal.aborted
        ? { settleMillis: 0, waitMillisMax: interruptedMillisMax }
        : { settleMillis, waitMillisMax, signal }),
      onProgress: (done, of) => onPhase(`traces ${done} of ${of}`),
    })
  } catch (error) {
    problems.push(describeError(error))
    return null
  }
}

async function askSource(
  source: TraceSource,
  requests: readonly PlayedRequest[],
  options: Parameters<typeof awaitTraces>[2],
): Promise<ArrivedTraces> {
  try {
    return await awaitTraces(source, requests, options)
  } catch (cause) {
    throw new MeasureError(`${source.title} cannot be asked for traces: ${describeError(cause)}`, {
      cause,
    })
  }
}

function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
