import type { AnswerRules } from '../differences/answer-rules.ts'
import { type Answer, compareAnswers, parseAnswerBody, readHeader } from '../differences/answers.ts'
import { compareTraces } from '../differences/compare-traces.ts'
import { type Difference, renderDifference } from '../differences/difference.ts'
import { findOccasional, type OccasionalDifference } from '../differences/known-differences.ts'
import type { VolatileRule } from '../differences/volatile-rules.ts'
import { renderDigits, renderTimes } from '../latency/latency-sentence.ts'
import type { Estimate } from '../latency/latency-summary.ts'
import { verdictValuesMin } from '../latency/latency-verdict.ts'
import { bootstrapInterval, prepareQuantile } from '../statistics/bootstrap.ts'
import { exactMedian } from '../statistics/exact-quantile.ts'
import { createSeededRandom } from '../statistics/seeded-random.ts'
import { plainCharsMax } from '../trace/attribute-value.ts'
import { parseTraceJson } from '../trace/trace-json.ts'
import { differencesMax } from './render/render-operation.ts'
import type { Report, ReportBaseline, ReportOperationOnRuntime } from './report-schema.ts'

type BaselineRules = {
  readonly volatile: readonly VolatileRule[]
  readonly answers: AnswerRules
  readonly occasional: readonly OccasionalDifference[]
}

/**
 * What became of a recorded run: differences between runtimes that are new or gone, how each
 * runtime's usual trace and answer differ from its own recorded ones, and its latency against
 * the recorded one.
 *
 * Traces are pinned by this even where all runtimes changed alike. On another machine a
 * latency says nothing by itself, so there the ratio to the reference is compared with the
 * recorded ratio.
 */
export function compareBaseline(
  baseline: Report,
  report: Report,
  rules: BaselineRules,
): ReportBaseline {
  const was = new Map(baseline.differences.map((one) => [keyOf(one), one]))
  const is = new Map(report.differences.map((one) => [keyOf(one), one]))
  const sameMachine =
    JSON.stringify(baseline.settings.machine) === JSON.stringify(report.settings.machine)
  const places = listChanges(baseline, report, rules)
  return {
    createdAt: baseline.createdAt,
    sameMachine,
    // What somebody has declared since is no news.
    newDifferences: [...is].flatMap(([key, { line, known }]) =>
      was.has(key) || known !== null ? [] : [line],
    ),
    goneDifferences: [...was].flatMap(([key, one]) =>
      is.has(key) || !couldOccur(report, one) ? [] : [one.line],
    ),
    changes: places.flatMap((changes) => changes.slice(0, differencesMax)),
    changesLeftOut: places.reduce(
      (sum, { length }) => sum + Math.max(0, length - differencesMax),
      0,
    ),
    latency: listLatencies(baseline, report, sameMachine),
  }
}

type Place = { readonly operation: string; readonly runtime: string }

function keyOf({ operation, runtime, kind, path, subject }: Report['differences'][number]): string {
  return JSON.stringify([operation, runtime, kind, path, subject])
}

function find({ operations }: Report, place: Place): ReportOperationOnRuntime | undefined {
  return operations
    .find(({ name }) => name === place.operation)
    ?.runtimes.find(({ runtime }) => runtime === place.runtime)
}

/** A difference counts as gone only if this run had the data to show it. */
function couldOccur(
  report: Report,
  { kind, ...place }: Place & { readonly kind: string },
): boolean {
  const both = [report.reference, place.runtime].map((runtime) =>
    find(report, { ...place, runtime }),
  )
  return both.every((own) => {
    if (own === undefined || own.repetitions === 0) return false
    if (kind.startsWith('answer.')) return own.answered > 0
    return own.traced > 0 && (report.settings.hasLogs || !kind.startsWith('log.'))
  })
}

/** Everything that both runs played. */
function listShared(baseline: Report, report: Report) {
  return report.operations.flatMap(({ name: operation, runtimes }) =>
    runtimes.flatMap((own) => {
      const place = { operation, runtime: own.runtime }
      const recorded = find(baseline, place)
      return recorded && recorded.repetitions > 0 && own.repetitions > 0
        ? [{ ...place, own, recorded }]
        : []
    }),
  )
}

function listChanges(
  baseline: Report,
  report: Report,
  { volatile, answers, occasional }: BaselineRules,
): readonly ReportBaseline['changes'][] {
  const isLogged = hasLogs(baseline, report)
  return listShared(baseline, report).map(({ operation, runtime, own, recorded }) => {
    const found: Difference[] = []
    if (recorded.answer && own.answer) {
      const isCut = [recorded.answer, own.answer].some(({ body }) => body.length > plainCharsMax)
      const [before, after] = [readAnswer(recorded.answer, isCut), readAnswer(own.answer, isCut)]
      for (const finding of compareAnswers(operation, before, after, answers)) {
        found.push({ operation, runtime, path: [], ...finding })
      }
    }
    if (recorded.trace && own.trace) {
      const traces = new Map([
        ['\0baseline', parseTraceJson(recorded.trace)],
        [runtime, parseTraceJson(own.trace)],
      ])
      const { differences } = compareTraces(operation, traces, volatile)
      const isSeen = ({ kind }: Difference) => isLogged || !kind.startsWith('log.')
      found.push(...differences.filter(isSeen))
    }
    return found.filter((difference) => !isChance(difference, occasional)).map(renderChange)
  })
}

/** Where one of two runs has no log records, that is where its traces came from, and no change. */
function hasLogs(...reports: readonly Report[]): boolean {
  return reports.every(({ settings }) => settings.hasLogs)
}

/** Of one pair nobody knows how often: what may come by chance may have come by chance. */
function isChance(difference: Difference, occasional: readonly OccasionalDifference[]): boolean {
  const sometimes = { count: 1, of: 2, referenceCount: 0, referenceOf: 0 }
  const swapped = { 'span.extra': 'span.missing', 'span.missing': 'span.extra' } as const
  const kind = difference.kind
  const other = kind === 'span.extra' || kind === 'span.missing' ? swapped[kind] : kind
  return [kind, other].some(
    (one) =>
      findOccasional(occasional, { ...difference, kind: one, occurrences: sometimes }) !==
      undefined,
  )
}

function renderChange(difference: Difference): ReportBaseline['changes'][number] {
  const { operation, runtime, kind, path, subject, expected, actual } = difference
  const line = renderDifference(difference)
  return { operation, runtime, kind, path: [...path], subject, expected, actual, line }
}

/** Of a body that was cut nothing can be read, and least of all where its ids are. */
function readAnswer(
  { status, headers, body }: NonNullable<ReportOperationOnRuntime['answer']>,
  isCut: boolean,
): Answer {
  if (isCut) return { status, headers, body: { format: 'empty' } }
  const type = readHeader({ headers }, 'content-type')
  return { status, headers, body: parseAnswerBody(type, body) }
}

function listLatencies(
  baseline: Report,
  report: Report,
  sameMachine: boolean,
): ReportBaseline['latency'] {
  if (baseline.measurement.rejection !== null || report.measurement.rejection !== null) return []
  const random = createSeededRandom(report.settings.seed)
  return listShared(baseline, report).flatMap(({ operation, runtime, own, recorded }) => {
    const isReference = runtime === report.reference || runtime === baseline.reference
    if (!sameMachine && isReference) return []
    const now = [readMillis(own), sameMachine ? null : readReference(report, operation)] as const
    const then = [
      readMillis(recorded),
      sameMachine ? null : readReference(baseline, operation),
    ] as const
    const ratio = estimateRatio(now, then, random)
    if (ratio === null) return []
    return [
      {
        operation,
        runtime,
        relative: !sameMachine,
        ratio,
        sentence: renderSentence(operation, runtime, report.reference, ratio, sameMachine),
      },
    ]
  })
}

type Measured = readonly [
  own: readonly (number | null)[],
  reference: readonly (number | null)[] | null,
]

function estimateRatio(
  now: Measured,
  then: Measured,
  random: ReturnType<typeof createSeededRandom>,
): Estimate | null {
  const sides = [now, then].map(([own, reference]) => ({
    own: own.filter((value) => value !== null),
    reference: reference?.filter((value) => value !== null) ?? null,
  }))
  const counts = sides.flatMap(({ own, reference }) => [
    own.length,
    reference?.length ?? own.length,
  ])
  if (Math.min(...counts) < verdictValuesMin) return null
  const medians = sides.map(
    ({ own, reference }) =>
      (exactMedian(own) ?? 0) / (reference === null ? 1 : (exactMedian(reference) ?? 0)),
  )
  const [nowMedian = 0, thenMedian = 0] = medians
  if (!(thenMedian > 0)) return null
  const [nowSide, thenSide] = [now, then].map(([own, reference]) => ({
    size: own.length,
    own: prepareQuantile(own),
    reference: reference === null ? null : prepareQuantile(reference),
  }))
  if (nowSide === undefined || thenSide === undefined) return null
  // Two runs are independent: each is drawn by itself, in one draw over the rounds of both.
  const interval = bootstrapInterval(
    nowSide.size + thenSide.size,
    (weights) => {
      const above = readSide(nowSide, weights.subarray(0, nowSide.size))
      const below = readSide(thenSide, weights.subarray(nowSide.size))
      return above === null || below === null ? null : above / below
    },
    random,
  )
  return { value: nowMedian / thenMedian, low: interval?.low ?? null, high: interval?.high ?? null }
}

type Side = {
  readonly own: ReturnType<typeof prepareQuantile>
  readonly reference: ReturnType<typeof prepareQuantile> | null
}

function readSide({ own, reference }: Side, weights: Uint32Array): number | null {
  const above = own(weights, 0.5)
  if (reference === null || above === null) return above
  const below = reference(weights, 0.5)
  return below === null || below === 0 ? null : above / below
}

function readMillis({ latency }: ReportOperationOnRuntime): readonly (number | null)[] {
  return latency?.byRound ?? []
}

function readReference(report: Report, operation: string): readonly (number | null)[] {
  const own = find(report, { operation, runtime: report.reference })
  return own === undefined ? [] : readMillis(own)
}

function renderSentence(
  operation: string,
  runtime: string,
  reference: string,
  { value, low, high }: Estimate,
  sameMachine: boolean,
): string {
  const interval =
    low === null || high === null
      ? 'the interval is open'
      : `95 % interval ${renderDigits(low)}–${renderDigits(high)}`
  const measure = sameMachine ? 'the time of the baseline' : `the baseline's ratio to ${reference}`
  return `${runtime} takes ${renderTimes(value)} ${measure} on ${operation} (${interval})`
}
