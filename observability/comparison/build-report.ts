import { alignTraces, renderPath, type Step } from './alignment.ts'
import type { Answer } from './answers.ts'
import { plainCharsMax } from './attribute-value.ts'
import type { ClockTrust } from './clock-trust.ts'
import { type Difference, renderDifference } from './difference.ts'
import { type KnownDifference, renderKnown } from './known-differences.ts'
import { renderLatencySentence } from './latency-sentence.ts'
import { summarizeLatency } from './latency-summary.ts'
import { judgeLatencies, type LatencySample, type LatencyVerdict } from './latency-verdict.ts'
import type { Report, ReportOperation, ReportOperationOnRuntime } from './report-schema.ts'
import { reportVersion } from './report-schema.ts'
import { renderAttributes, renderLogRows, renderSteps, roundMillis } from './report-steps.ts'
import type { Comparison, OperationComparison, RuntimeVerdict } from './scenario-result.ts'
import { createSeededRandom } from './seeded-random.ts'
import { breakDownTime, clocksByTrust } from './time-breakdown.ts'
import { readTimeParts } from './time-parts.ts'
import type { TraceTree } from './trace.ts'
import { renderTraceJson } from './trace-json.ts'

/** What a run gives beside the comparison itself. */
export type RunFacts = Pick<
  Report,
  'createdAt' | 'tool' | 'status' | 'problems' | 'settings' | 'measurement' | 'fanOuts'
> & {
  readonly runtimes: readonly RuntimeFacts[]
  /** One for each operation and runtime that was played. */
  readonly played: readonly PlayedFacts[]
}

/** What is known of a runtime before it has sent anything. */
export type RuntimeFacts = Omit<Report['runtimes'][number], 'clock' | 'resource'>

export type PlayedFacts = {
  readonly operation: string
  readonly runtime: string
  readonly method: string
  readonly path: string
  readonly coldMillis: number | null
  /** By round: from the intended start; `null` where it does not count or no answer came. */
  readonly latencyByRound: readonly (number | null)[]
  /** By round, from sending; in step with `latencyByRound`. */
  readonly clientByRound: readonly (number | null)[]
  /** By round. */
  readonly traceByRound: readonly (TraceTree | null)[]
}

/**
 * Everything about a comparison as plain data: what compare.json holds, and what the other
 * reports are made of. Intervals are drawn by the run's seed, so the same run gives the same
 * report. `outcome` and `baseline` are for the caller to decide.
 */
export function buildReport(comparison: Comparison, facts: RunFacts): Report {
  const { reference } = comparison
  const random = createSeededRandom(facts.settings.seed)
  const samples = new Map<string, LatencySample>()
  for (const played of facts.played) samples.set(keyOf(played), createSample(played))
  const mayJudge = facts.measurement.rejection === null
  const verdicts = mayJudge
    ? judgeLatencies([...samples.values()], reference, random)
    : new Map<LatencySample, LatencyVerdict>()
  const operations = comparison.operations.map((operation) =>
    renderOperation(operation, { reference, facts, samples, verdicts, random }),
  )
  const declared = comparison.known.declared
  return {
    format: 'compare-report',
    version: reportVersion,
    createdAt: facts.createdAt,
    tool: facts.tool,
    status: facts.status,
    problems: facts.problems,
    settings: facts.settings,
    reference,
    // The reference first, as in every operation.
    runtimes: comparison.runtimes
      .flatMap((name) => facts.runtimes.find((one) => one.name === name) ?? [])
      .map((runtime) => ({
        ...runtime,
        clock: readClock(comparison, runtime.name),
        resource: readResource(comparison, runtime.name),
      })),
    measurement: facts.measurement,
    operations,
    differences: comparison.operations.flatMap(({ operation, verdicts: own, steps }) =>
      own.flatMap((verdict) =>
        [...verdict.undeclared, ...verdict.declared].map((difference) =>
          renderReportDifference(
            difference,
            steps,
            findKnown(declared, difference),
            facts.played.find(
              (one) => one.operation === operation && one.runtime === verdict.runtime,
            ),
          ),
        ),
      ),
    ),
    known: declared.map(({ known, differences }) => ({
      runtime: known.runtime,
      reason: known.reason,
      line: renderKnown(known),
      count: differences.length,
      operations: [...new Set(differences.map(({ operation }) => operation))],
    })),
    stale: comparison.known.stale.map(renderKnown),
    unsteady: comparison.unsteady.map(({ difference, reason }) => ({
      line: renderDifference(difference),
      reason,
    })),
    fanOuts: facts.fanOuts,
    baseline: null,
    outcome: { failures: [], exitCode: 0 },
  }
}

type Context = {
  readonly reference: string
  readonly facts: RunFacts
  readonly samples: ReadonlyMap<string, LatencySample>
  readonly verdicts: ReadonlyMap<LatencySample, LatencyVerdict>
  readonly random: ReturnType<typeof createSeededRandom>
}

function keyOf({ operation, runtime }: { operation: string; runtime: string }): string {
  return JSON.stringify([operation, runtime])
}

function createSample(played: PlayedFacts): LatencySample {
  const { operation, runtime, clientByRound, latencyByRound } = played
  const breakdown = breakDownTime(
    played.traceByRound.map((trace, index) => {
      const clientMillis = clientByRound[index] ?? null
      if (trace === null || clientMillis === null) return null
      if (latencyByRound[index] == null) return null
      const read = readTimeParts(trace, clientMillis)
      return read && { clientMillis, ...read }
    }),
  )
  return { operation, runtime, millis: latencyByRound, breakdown }
}

function renderOperation(comparison: OperationComparison, context: Context): ReportOperation {
  const { operation: name, steps, verdicts } = comparison
  const traces = readUsualTraces(verdicts)
  const played = context.facts.played.find(({ operation }) => operation === name)
  const stepMillis = new Map(verdicts.map(({ runtime, stepMillis: own }) => [runtime, own]))
  return {
    name,
    method: played?.method ?? '',
    path: played?.path ?? '',
    runtimes: verdicts.map((verdict) => renderOnRuntime(name, verdict, traces, context)),
    steps: [...renderSteps(steps, traces, stepMillis)],
    logs: renderLogRows(steps, traces),
  }
}

function renderOnRuntime(
  operation: string,
  verdict: RuntimeVerdict,
  traces: ReadonlyMap<string, TraceTree>,
  { reference, facts, samples, verdicts, random }: Context,
): ReportOperationOnRuntime {
  const { runtime, outcome, forms } = verdict
  const key = keyOf({ operation, runtime })
  const played = facts.played.find((one) => keyOf(one) === key)
  const sample = samples.get(key)
  const judged = sample && verdicts.get(sample)
  const summary = sample && summarizeLatency(sample.millis, random)
  const [usual] = forms
  const trace = usual?.example.trace ?? null
  return {
    runtime,
    outcome,
    repetitions: played?.traceByRound.length ?? 0,
    answered: played?.clientByRound.filter((value) => value !== null).length ?? 0,
    traced: played?.traceByRound.filter((value) => value !== null).length ?? 0,
    coldMillis: played?.coldMillis ?? null,
    latency: sample && summary ? { byRound: sample.millis.map(roundOrNull), ...summary } : null,
    versusReference: judged
      ? {
          verdict: judged.verdict,
          sentence: renderLatencySentence(operation, runtime, reference, judged),
          ratio: judged.ratio,
          differenceMillis: judged.differenceMillis,
          mannWhitney: {
            u: judged.test.u,
            pValue: judged.test.pValue,
            adjustedPValue: judged.adjustedPValue,
          },
          cliffsDelta: judged.test.delta,
          leadingPart: judged.leadingPart,
        }
      : null,
    time: sample?.breakdown ? renderTime(sample.breakdown) : null,
    answer: usual?.example.answer ? renderAnswer(usual.example.answer) : null,
    forms: forms.map(({ count, example, findings }, index) => ({
      count,
      exampleTraceId: example.trace?.roots[0]?.span.traceId ?? null,
      differences: findings.map(renderDifference),
      steps: index === 0 ? null : renderForm(runtime, example.trace, traces.get(reference)),
    })),
    trace: trace && renderTraceJson(trace),
  }
}

function renderForm(
  runtime: string,
  trace: TraceTree | null,
  usual: TraceTree | undefined,
): ReportOperationOnRuntime['forms'][number]['steps'] {
  if (trace === null) return null
  // Under its own name even where it is an odd form of the reference itself.
  const traces = new Map(usual === undefined ? [] : [['usual', usual]]).set(runtime, trace)
  return [...renderSteps(alignTraces(traces), traces, new Map())]
}

function renderTime({
  count,
  clock,
  clientMillis,
  parts,
}: NonNullable<LatencySample['breakdown']>) {
  return {
    count,
    clock,
    clientMillis: roundMillis(clientMillis),
    parts: {
      network: roundMillis(parts.network),
      server: roundMillis(parts.server),
      wait: roundMillis(parts.wait),
      connect: roundMillis(parts.connect),
      database: roundMillis(parts.database),
    },
  }
}

function renderAnswer({ status, headers, body }: Answer) {
  const text =
    body.format === 'json' ? JSON.stringify(body.value) : body.format === 'text' ? body.text : ''
  return {
    status,
    headers: headers.map(([name, value]): [string, string] => [name, value]),
    body: text.length <= plainCharsMax ? text : `${text.slice(0, plainCharsMax)}…`,
  }
}

function renderReportDifference(
  difference: Difference,
  steps: readonly Step[],
  known: number | null,
  played: PlayedFacts | undefined,
): Report['differences'][number] {
  const { operation, runtime, kind, path, subject, expected, actual } = difference
  const all = played?.traceByRound.length ?? 0
  const often = difference.occurrences ?? {
    count: all,
    of: all,
    referenceCount: 0,
    referenceOf: 0,
  }
  const at = steps.findIndex((step) => renderPath(step.path) === renderPath(path))
  return {
    operation,
    runtime,
    kind,
    path: [...path],
    subject,
    expected,
    actual,
    ...often,
    step: path.length === 0 || at < 0 ? null : at,
    known,
    line: renderDifference(difference),
  }
}

function findKnown(
  declared: readonly {
    readonly known: KnownDifference
    readonly differences: readonly Difference[]
  }[],
  difference: Difference,
): number | null {
  const index = declared.findIndex(({ differences }) => differences.includes(difference))
  return index < 0 ? null : index
}

export function readUsualTraces(
  verdicts: readonly RuntimeVerdict[],
): ReadonlyMap<string, TraceTree> {
  const traces = new Map<string, TraceTree>()
  for (const { runtime, forms } of verdicts) {
    const trace = forms[0]?.example.trace
    if (trace) traces.set(runtime, trace)
  }
  return traces
}

function readResource({ operations }: Comparison, runtime: string) {
  for (const { verdicts } of operations) {
    const [root] = readUsualTraces(verdicts).get(runtime)?.roots ?? []
    if (root !== undefined) return renderAttributes(root.resource.attributes)
  }
  return []
}

/** The least trustworthy that its spans ever named. */
function readClock({ operations }: Comparison, runtime: string): ClockTrust {
  const clocks = operations.flatMap(({ verdicts }) =>
    verdicts.flatMap((verdict) =>
      verdict.runtime === runtime && verdict.serverSpan !== null ? [verdict.serverSpan.clock] : [],
    ),
  )
  return clocksByTrust.find((clock) => clocks.includes(clock)) ?? 'unknown'
}

function roundOrNull(value: number | null): number | null {
  return value === null ? null : roundMillis(value)
}
