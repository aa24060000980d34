import type { Answer } from '../../differences/answers.ts'
import { renderDifference } from '../../differences/difference.ts'
import { renderLatencySentence } from '../../latency/latency-sentence.ts'
import { summarizeLatency } from '../../latency/latency-summary.ts'
import type { LatencySample, LatencyVerdict } from '../../latency/latency-verdict.ts'
import type { OperationComparison, RuntimeVerdict } from '../../operations/operation-result.ts'
import { keyOf, type PlayedFacts } from '../../operations/played-facts.ts'
import type { SeededRandom } from '../../statistics/seeded-random.ts'
import { alignTraces } from '../../trace/align-traces.ts'
import { plainCharsMax } from '../../trace/attribute-value.ts'
import { renderTraceJson } from '../../trace/trace-json.ts'
import type { TraceTree } from '../../trace/trace-tree.ts'
import type { ReportOperation, ReportOperationOnRuntime } from '../report-schema.ts'
import { renderLogRows, renderSteps, roundMillis, stepsMax } from '../report-steps.ts'
import { limitLines } from './fold-differences.ts'

/** Differences of one operation on one runtime that a report holds, those that nobody declared first. */
export const differencesMax = 1000

/** Lines of one form; a form that is quite another has one for each of its spans. */
const formLinesMax = 100

/** What one operation's part of a report is made of, beside its comparison. */
export type OperationContext = {
  readonly reference: string
  readonly played: readonly PlayedFacts[]
  readonly samples: ReadonlyMap<string, LatencySample>
  readonly verdicts: ReadonlyMap<LatencySample, LatencyVerdict>
  readonly random: SeededRandom
}

/** One operation as compare.json has it. */
export function renderOperation(
  comparison: OperationComparison,
  context: OperationContext,
): ReportOperation {
  const { operation: name, steps, verdicts } = comparison
  const traces = readUsualTraces(verdicts)
  const played = context.played.find(({ operation }) => operation === name)
  const stepMillis = new Map(verdicts.map(({ runtime, stepMillis: own }) => [runtime, own]))
  return {
    name,
    method: played?.method ?? '',
    path: played?.path ?? '',
    runtimes: verdicts.map((verdict) => renderOnRuntime(name, verdict, traces, context)),
    steps: [...renderSteps(steps, traces, stepMillis)],
    stepsLeftOut: Math.max(0, steps.length - stepsMax),
    logs: renderLogRows(steps, traces),
  }
}

function renderOnRuntime(
  operation: string,
  verdict: RuntimeVerdict,
  traces: ReadonlyMap<string, TraceTree>,
  { reference, played: all, samples, verdicts, random }: OperationContext,
): ReportOperationOnRuntime {
  const { runtime, outcome, forms } = verdict
  const key = keyOf({ operation, runtime })
  const played = all.find((one) => keyOf(one) === key)
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
    differencesLeftOut: Math.max(
      0,
      verdict.undeclared.length + verdict.declared.length - differencesMax,
    ),
    time: sample?.breakdown ? renderTime(sample.breakdown) : null,
    answer: usual?.example.answer ? renderAnswer(usual.example.answer) : null,
    forms: forms.map(({ count, example, findings }, index) => ({
      count,
      exampleTraceId: example.trace?.roots[0]?.span.traceId ?? null,
      differences: [
        ...limitLines(
          findings.slice(0, formLinesMax + 1).map(renderDifference),
          formLinesMax,
          findings.length,
        ),
      ],
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

/** The example of each runtime's most frequent form. */
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

function roundOrNull(value: number | null): number | null {
  return value === null ? null : roundMillis(value)
}
