import { escapeControls } from '../../plumbing/escape-controls.ts'
import { type KnownDifference, renderKnown } from '../differences/known-differences.ts'
import type { OperationResult } from '../operations/operation-result.ts'
import { matchesPattern } from '../trace/pattern.ts'
import { type CheckOptions, createTraceCheck } from './check/check-trace.ts'
import {
  type ConventionFinding,
  describeFinding,
  isAtLeast,
  type Severity,
  sectionUrl,
  severities,
} from './convention-finding.ts'
import { isOfConventions } from './is-of-conventions.ts'
import type { Registry } from './registry/registry.ts'
import type { ReportConventions } from './report-conventions-schema.ts'

export type ConventionsOptions = CheckOptions & {
  /**
   * Exceptions, of kinds such as `convention.value`; others are left alone. `*` stands for any runtime, `path` for
   * what kind of thing it is on, and `subject` for an attribute.
   */
  readonly known?: readonly KnownDifference[]
}

/** Distinct findings that are kept. */
export const findingsMax = 1000

type Place = { readonly operation: string; readonly runtime: string; count: number }
type Judged = {
  readonly finding: ConventionFinding
  readonly at: string
  readonly known: KnownDifference | undefined
  readonly places: Map<string, Place>
}

/**
 * Says what of the traces breaks the semantic conventions: each finding once, with the operations and runtimes on which
 * it came. A finding that was declared carries its reason; a declaration that covers nothing, though its runtime left
 * traces, is stale.
 */
export function judgeConventions(
  results: readonly OperationResult[],
  registry: Registry,
  options: ConventionsOptions = {},
): ReportConventions {
  const known = (options.known ?? []).filter(isOfConventions)
  const check = createTraceCheck(registry, options)
  const judged = new Map<string, Judged>()
  const used = new Set<KnownDifference>()
  let leftOut = 0
  for (const { operation, runtime, repetitions } of results) {
    for (const { trace } of repetitions) {
      if (trace === null) continue
      for (const { finding, readAt } of check(trace)) {
        const covering = known.filter((one) => covers(one, finding, operation, runtime))
        for (const one of covering) used.add(one)
        const [first] = covering
        const key = keyOf(finding, first)
        let own = judged.get(key)
        if (own === undefined && judged.size >= findingsMax) {
          leftOut += 1
          continue
        }
        own ??= { finding, at: readAt(), known: first, places: new Map() }
        judged.set(key, own)
        count(own.places, operation, runtime)
      }
    }
  }
  return {
    version: registry.version,
    findings: [...judged.values()].sort(byGravity).map((one) => renderJudged(one, registry)),
    leftOut,
    stale: known
      .filter((one) => !one.mayBeAbsent && !used.has(one) && couldOccur(one, results))
      .map(renderKnown),
  }
}

function count(places: Judged['places'], operation: string, runtime: string): void {
  const key = `${operation}\0${runtime}`
  const place = places.get(key) ?? { operation, runtime, count: 0 }
  place.count += 1
  places.set(key, place)
}

/** A value that was got counts only where it is what is wrong; of a type or a name any example will do. */
function keyOf(finding: ConventionFinding, known: KnownDifference | undefined): string {
  const { rule, subject, attribute, got, expected } = finding
  const value = rule === 'value' ? got : ''
  return [rule, subject, attribute, value, expected, known?.reason ?? ''].join('\0')
}

function covers(
  { runtime: wanted, matches }: KnownDifference,
  { rule, subject, attribute }: ConventionFinding,
  operation: string,
  runtime: string,
): boolean {
  return (
    matchesPattern(wanted, runtime) &&
    matchesPattern(matches.kind, `convention.${rule}`) &&
    matchesPattern(matches.operation ?? '*', operation) &&
    matchesPattern(matches.path ?? '*', subject) &&
    matchesPattern(matches.subject ?? '*', attribute)
  )
}

function couldOccur(
  { runtime: wanted, matches }: KnownDifference,
  results: readonly OperationResult[],
): boolean {
  return results.some(
    ({ operation, runtime, repetitions }) =>
      matchesPattern(wanted, runtime) &&
      matchesPattern(matches.operation ?? '*', operation) &&
      repetitions.some(({ trace }) => trace !== null),
  )
}

function byGravity(a: Judged, b: Judged): number {
  const rank = ({ finding }: Judged) => severities.indexOf(finding.severity)
  return rank(a) - rank(b)
}

function renderJudged(
  { finding, at, known, places }: Judged,
  registry: Registry,
): ReportConventions['findings'][number] {
  return {
    ...finding,
    at,
    places: [...places.values()],
    known: known?.reason ?? null,
    url: sectionUrl(registry.version, finding.section),
    line: escapeControls(describeFinding(finding)),
  }
}

/**
 * Why a report fails by the conventions, a sentence each; empty when it does not.
 *
 * @param accepted What a baseline has recorded: only what is new since then fails.
 */
export function judgeByLevel(
  { findings, stale }: ReportConventions,
  level: Severity,
  accepted: ReportConventions | null,
): readonly string[] {
  const before = new Set(accepted?.findings.map(({ line }) => line))
  const open = findings.filter(
    ({ known, severity, line }) =>
      known === null && isAtLeast(severity, level) && !before.has(line),
  )
  const since = accepted === null ? '' : ' since the baseline'
  return [
    ...plural(open.length, 'breach of the conventions', 'breaches of the conventions', since),
    ...plural(
      stale.length,
      'declared exception to the conventions did not occur',
      'declared exceptions to the conventions did not occur',
    ),
  ]
}

function plural(number: number, one: string, many: string, end = ''): readonly string[] {
  return number === 0 ? [] : [`${number} ${number === 1 ? one : many}${end}`]
}
