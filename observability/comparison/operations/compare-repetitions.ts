import type { AnswerRules } from '../differences/answer-rules.ts'
import { type Answer, compareAnswers } from '../differences/answers.ts'
import { compareTraces } from '../differences/compare-traces.ts'
import type { Difference, Finding } from '../differences/difference.ts'
import type { VolatileRule } from '../differences/volatile-rules.ts'
import { hasTrustedTimes } from '../latency/trusted-times.ts'
import { exactMedian } from '../statistics/exact-quantile.ts'
import { testFisherExact } from '../statistics/fisher-exact.ts'
import { renderPath } from '../trace/align-traces.ts'
import type { TraceTree } from '../trace/trace-tree.ts'
import type { Form, Repetition } from './operation-result.ts'

/** The reference's most frequent answer and trace. */
export type Usual = { readonly answer: Answer | null; readonly trace: TraceTree | null }

/** What may differ between two repetitions without being a difference. */
export type ComparisonRules = {
  readonly volatile: readonly VolatileRule[]
  readonly answers: AnswerRules
  /** Whether answers were kept. */
  readonly hasAnswers: boolean
}

/** How the repetitions of one runtime differ from the usual. */
export type RepetitionsOutcome = {
  /** By what differs; how often, and what of it was seen most. */
  readonly counted: ReadonlyMap<string, Counted>
  readonly forms: readonly Form[]
  readonly stepMillis: ReadonlyMap<string, readonly number[]>
  readonly of: number
}

/** A deviation from the reference's usual, with the number of repetitions that show it. */
export type Counted = { readonly count: number; readonly difference: Difference }

/** More ways of one operation than this are not told apart; the rest count as the first. */
const waysMax = 20

/** Forms kept of one operation on one runtime, the most frequent first. */
export const formsMax = 8

/** Finds the reference's usual answer and trace, so that a single odd repetition is not the standard for all. */
export function findUsual(
  operation: string,
  repetitions: readonly Repetition[],
  rules: ComparisonRules,
): Usual {
  const answers = repetitions.flatMap(({ answer }) => answer ?? [])
  const traces = repetitions.flatMap(({ trace }) => trace ?? [])
  return {
    answer: findMostFrequent(
      answers,
      (a, b) => compareAnswers(operation, a, b, rules.answers).length === 0,
    ),
    trace: findMostFrequent(
      traces,
      (a, b) => compareTwo(operation, '', a, b, rules).differences.length === 0,
    ),
  }
}

function findMostFrequent<T>(items: readonly T[], isSame: (a: T, b: T) => boolean): T | null {
  const ways: { readonly first: T; count: number }[] = []
  for (const item of items) {
    const way = ways.find(({ first }) => isSame(first, item))
    if (way !== undefined) way.count += 1
    else if (ways.length < waysMax) ways.push({ first: item, count: 1 })
  }
  let most: (typeof ways)[number] | undefined
  for (const way of ways) if (most === undefined || way.count > most.count) most = way
  return most?.first ?? null
}

/** Compares each repetition with the usual, and counts what differs. */
export function compareRepetitions(
  operation: string,
  runtime: string,
  repetitions: readonly Repetition[],
  usual: Usual,
  rules: ComparisonRules,
): RepetitionsOutcome {
  const tallies = new Map<string, Tally>()
  const forms = new Map<string, FormDraft>()
  const stepMillis = new Map<string, number[]>()
  for (const [index, repetition] of repetitions.entries()) {
    const found = new Map<string, Difference>()
    for (const difference of compareOne(operation, runtime, repetition, usual, rules, stepMillis)) {
      const key = keyOf(difference)
      if (!found.has(key)) found.set(key, difference)
    }
    for (const [key, difference] of found) addTally(tallies, key, difference)
    const formKey = [...found.keys()].sort().join('\n')
    const form = forms.get(formKey) ?? { findings: [...found.values()], members: [] }
    forms.set(formKey, form)
    form.members.push({ index, repetition })
  }
  return {
    counted: new Map([...tallies].map(([key, tally]) => [key, readTally(tally)])),
    forms: [...forms.values()]
      .map(createForm)
      .sort((a, b) => b.count - a.count)
      .slice(0, formsMax),
    stepMillis,
    of: repetitions.length,
  }
}

/** Two shares further apart than chance puts them once in a hundred times are a difference. */
const chanceMax = 0.01

/**
 * Sorts counted deviations into differences between the runtimes, and those that come and go on both.
 *
 * A deviation that the reference never shows is a difference, however rare. If the reference sometimes shows it, it is
 * a difference only if the shares are too far apart for chance (Fisher's exact test).
 *
 * @param isSample The requests are some of a traffic that nobody planned: then that test decides of all deviations. One
 *   request in thirty that opened a connection says nothing of a version or a runtime.
 */
export function judgeCounts(
  runtime: string,
  own: RepetitionsOutcome,
  reference: RepetitionsOutcome,
  isSample = false,
): { readonly differences: readonly Difference[]; readonly unsteady: readonly Difference[] } {
  const differences: Difference[] = []
  const unsteady: Difference[] = []
  for (const key of new Set([...own.counted.keys(), ...reference.counted.keys()])) {
    const here = own.counted.get(key)
    const there = reference.counted.get(key)
    const example = here?.difference ?? there?.difference
    if (example === undefined) continue
    const counts = [here?.count ?? 0, own.of, there?.count ?? 0, reference.of] as const
    const [count, of, referenceCount, referenceOf] = counts
    const difference: Difference = {
      ...example,
      runtime,
      occurrences: { count, of, referenceCount, referenceOf },
    }
    if (isMissing(difference)) {
      // A missing answer is reported for its runtime, even if the reference misses as many.
      const occurrences = { count, of, referenceCount: 0, referenceOf }
      if (count > 0) differences.push({ ...difference, occurrences })
    } else if ((referenceCount === 0 && !isSample) || testFisherExact(...counts) < chanceMax) {
      differences.push(difference)
    } else if (count > 0) unsteady.push(difference)
  }
  return { differences, unsteady }
}

/** An operation that was not played, a missing answer or trace, or an error in place of an answer. */
export function isMissing({ kind }: Pick<Difference, 'kind'>): boolean {
  return missingKinds.includes(kind)
}

const missingKinds: readonly Difference['kind'][] = [
  'operation.missing',
  'answer.missing',
  'answer.unexpected',
  'trace.missing',
]

/** Two things that differ in this are the same difference. */
function keyOf({ kind, path, subject }: Pick<Difference, 'kind' | 'path' | 'subject'>): string {
  return JSON.stringify([kind, path, subject])
}

function compareOne(
  operation: string,
  runtime: string,
  repetition: Repetition,
  usual: Usual,
  rules: ComparisonRules,
  stepMillis: Map<string, number[]>,
): readonly Difference[] {
  const { answer, trace, fault = null } = repetition
  if (fault?.kind === 'operation.missing') return [{ operation, runtime, path: [], ...fault }]
  const findings: Finding[] = []
  // If the reference succeeds, the status is the difference.
  if (fault !== null && (usual.answer?.status ?? answer?.status) === answer?.status)
    findings.push(fault)
  if (answer === null && rules.hasAnswers) findings.push(createAbsence('answer.missing'))
  else if (answer !== null && usual.answer === null) findings.push(createAbsence('answer.extra'))
  if (trace === null) findings.push(createAbsence('trace.missing'))
  else if (usual.trace === null) findings.push(createAbsence('trace.extra'))
  if (answer !== null && usual.answer !== null) {
    findings.push(...compareAnswers(operation, usual.answer, answer, rules.answers))
  }
  const differences = findings.map((finding) => ({ operation, runtime, path: [], ...finding }))
  if (trace === null) return differences
  const compared = compareTwo(operation, runtime, usual.trace, trace, rules)
  for (const step of hasTrustedTimes(repetition) ? compared.steps : []) {
    const node = step.spans.get(runtime)
    if (node === undefined) continue
    const path = renderPath(step.path)
    const millis = stepMillis.get(path) ?? []
    stepMillis.set(path, millis)
    millis.push(Number(node.span.endNanos - node.span.startNanos) / 1e6)
  }
  // Without the reference's trace the others are only laid out: there is nothing to compare with.
  return usual.trace === null ? differences : [...differences, ...compared.differences]
}

/** A name that no runtime has: a runtime is compared with the reference even when it is the reference. */
const usualName = '\0usual'

function compareTwo(
  operation: string,
  runtime: string,
  usual: TraceTree | null,
  trace: TraceTree,
  rules: ComparisonRules,
) {
  const traces = new Map<string, TraceTree>()
  if (usual !== null) traces.set(usualName, usual)
  traces.set(runtime, trace)
  return compareTraces(operation, traces, rules.volatile)
}

/** Something that is not there at all. */
export function createAbsence(kind: Finding['kind']): Finding {
  return { kind, subject: '', expected: null, actual: null }
}

type Tally = {
  count: number
  readonly seen: Map<string, { count: number; difference: Difference }>
}

/** Values of one difference that are kept apart; beyond that only the count grows. */
const seenMax = 20

function addTally(tallies: Map<string, Tally>, key: string, difference: Difference): void {
  const tally = tallies.get(key) ?? { count: 0, seen: new Map() }
  tallies.set(key, tally)
  tally.count += 1
  const values = JSON.stringify([difference.expected, difference.actual])
  const seen = tally.seen.get(values)
  if (seen !== undefined) seen.count += 1
  else if (tally.seen.size < seenMax) tally.seen.set(values, { count: 1, difference })
}

function readTally({ count, seen }: Tally): Counted {
  const [most, ...rest] = seen.values()
  if (most === undefined) throw new Error('a difference that was counted: expected one, got none')
  let frequent = most
  for (const one of rest) if (one.count > frequent.count) frequent = one
  return { count, difference: frequent.difference }
}

type FormDraft = {
  readonly findings: readonly Difference[]
  readonly members: { readonly index: number; readonly repetition: Repetition }[]
}

function createForm({ findings, members }: FormDraft): Form {
  const median = exactMedian(members.flatMap(({ repetition }) => repetition.clientMillis ?? []))
  const distance = ({ repetition }: FormDraft['members'][number]) =>
    median === null || repetition.clientMillis === null || !hasTrustedTimes(repetition)
      ? Number.POSITIVE_INFINITY
      : Math.abs(repetition.clientMillis - median)
  let [typical] = members
  for (const member of members) {
    if (typical === undefined || distance(member) < distance(typical)) typical = member
  }
  if (typical === undefined) throw new Error('a form: expected a repetition, got none')
  return {
    count: members.length,
    example: typical.repetition,
    exampleIndex: typical.index,
    findings,
  }
}
