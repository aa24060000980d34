import { type Difference, renderDifference } from '../differences/difference.ts'
import { type KnownDifference, renderKnown } from '../differences/known-differences.ts'
import {
  judgeLatencies,
  type LatencySample,
  type LatencyVerdict,
} from '../latency/latency-verdict.ts'
import { clocksByTrust } from '../latency/time-breakdown.ts'
import type { Comparison } from '../operations/operation-result.ts'
import { createSample, keyOf, type PlayedFacts } from '../operations/played-facts.ts'
import { createSeededRandom } from '../statistics/seeded-random.ts'
import { renderPath, type Step } from '../trace/align-traces.ts'
import type { ClockTrust } from '../trace/clock-trust.ts'
import { differencesMax, readUsualTraces, renderOperation } from './render/render-operation.ts'
import { type Report, reportVersion } from './report-schema.ts'
import { renderAttributes, stepsMax } from './report-steps.ts'

/** What a run gives beside the comparison itself. */
export type RunFacts = Pick<
  Report,
  'createdAt' | 'tool' | 'status' | 'problems' | 'settings' | 'measurement' | 'fanOuts'
> & {
  readonly runtimes: readonly RuntimeFacts[]
  /** One for each operation and runtime that was played. */
  readonly played: readonly PlayedFacts[]
  /** Defaults to `null`: nobody asked. */
  readonly conventions?: Report['conventions']
}

/** What is known of a runtime before it has sent anything. */
export type RuntimeFacts = Omit<
  Report['runtimes'][number],
  'clock' | 'resource' | 'emulation' | 'declaredIn'
> &
  Partial<Pick<Report['runtimes'][number], 'emulation' | 'declaredIn'>>

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
    ? judgeLatencies([...samples.values()], reference, random, facts.settings.isPaired)
    : new Map<LatencySample, LatencyVerdict>()
  const operations = comparison.operations.map((operation) =>
    renderOperation(operation, { reference, played: facts.played, samples, verdicts, random }),
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
        emulation: runtime.emulation ?? null,
        declaredIn: runtime.declaredIn ?? null,
        clock: readClock(comparison, runtime.name),
        resource: readResource(comparison, runtime.name),
      })),
    measurement: facts.measurement,
    operations,
    differences: comparison.operations.flatMap(({ operation, verdicts: own, steps }) =>
      own.flatMap((verdict) =>
        [...verdict.undeclared, ...verdict.declared].slice(0, differencesMax).map((difference) =>
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
    known: declared.map(describeKnown),
    stale: comparison.known.stale.map(describeStale),
    unsteady: comparison.unsteady.slice(0, differencesMax).map(({ difference, reason }) => ({
      line: renderDifference(difference),
      reason,
    })),
    conventions: facts.conventions ?? null,
    fanOuts: facts.fanOuts,
    baseline: null,
    outcome: { failures: [], exitCode: 0 },
  }
}

function describeKnown({
  known,
  differences,
}: Comparison['known']['declared'][number]): Report['known'][number] {
  return {
    runtime: known.runtime,
    reason: known.reason,
    line: renderKnown(known),
    count: differences.length,
    operations: [...new Set(differences.map(({ operation }) => operation))],
    declaredIn: known.declaredIn ?? null,
  }
}

function describeStale(known: KnownDifference): string {
  const file = known.declaredIn === undefined ? '' : ` (in ${known.declaredIn})`
  return `${renderKnown(known)}${file}`
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
    step: path.length === 0 || at < 0 || at >= stepsMax ? null : at,
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
