import { compareTraces } from '../../comparison/differences/compare-traces.ts'
import { type Difference, renderDifference } from '../../comparison/differences/difference.ts'
import { applyKnown } from '../../comparison/differences/known-differences.ts'
import { measureSteps, type StepTime } from '../../comparison/latency/step-times.ts'
import { findServer } from '../../comparison/latency/time-parts.ts'
import { renderMillis } from '../../comparison/trace/clock-trust.ts'
import type { TraceTree } from '../../comparison/trace/trace-tree.ts'
import { listKnown } from '../../driver/find-known.ts'
import { readRuntimeName } from '../../otlp/shared/read-runtime-name.ts'
import type { CollectorQuestions } from '../ask-collector.ts'
import { readTree } from '../read-traces.ts'
import type { CompareRequest } from '../tools/compare-arguments.ts'
import { readDeclared } from './compare-groups.ts'
import { createFindingId, type Finding } from './finding.ts'

/** Two traces, compared span by span. */
export type PairComparison = {
  readonly trees: ReadonlyMap<string, TraceTree>
  readonly differences: ReadonlyMap<Finding, Difference>
  readonly steps: ReadonlyMap<Finding, StepTime>
}

/** Names of the two, where their runtimes are not told apart by their own. */
const sides = ['first', 'second'] as const
/** A smaller change of a step's own time is not listed. */
const stepMillisMin = 1
const stepsMax = 5

/** Compares a second trace with a first. */
export async function comparePair(
  collector: CollectorQuestions,
  { traces: ids = [], run }: CompareRequest,
): Promise<PairComparison> {
  const [first, second] = await Promise.all(
    ids.map((traceId) => readTree(collector, { traceId, run })),
  )
  const names = nameSides(first, second)
  const trees = new Map(
    [first, second].flatMap((tree, index) =>
      tree === undefined ? [] : [[names[index] ?? '', tree] as const],
    ),
  )
  const declared = await readDeclared(collector, names)
  const { differences } = compareTraces('trace', trees)
  const known = listKnown(declared, names, names[0] ?? '')
  const outcome = applyKnown(differences, known, [])
  const reasons = new Map(
    outcome.declared.flatMap(({ known: { reason }, differences: own }) =>
      own.map((one) => [one, reason] as const),
    ),
  )
  return {
    trees,
    differences: new Map(
      differences.map((one) => [createDifference(one, reasons.get(one) ?? null), one]),
    ),
    steps: new Map(listGrown(measureSteps(trees.size > 1 ? mapLists(trees) : new Map()), names)),
  }
}

function nameSides(...trees: readonly (TraceTree | undefined)[]): readonly string[] {
  const names = trees.map((tree) => {
    const server = findServer(tree?.roots ?? [])
    return server === undefined ? '' : readRuntimeName(server.resource.attributes)
  })
  return new Set(names).size === names.length && !names.includes('') ? names : sides
}

function mapLists(
  trees: ReadonlyMap<string, TraceTree>,
): ReadonlyMap<string, readonly TraceTree[]> {
  return new Map([...trees].map(([name, tree]) => [name, [tree]]))
}

function createDifference(difference: Difference, reason: string | null): Finding {
  const { runtime, kind, subject, path } = difference
  return {
    id: createFindingId('difference', [runtime, kind, subject, path]),
    about: JSON.stringify([kind, subject, path]),
    kind: 'difference',
    group: runtime,
    operations: [],
    sentence: renderDifference(difference),
    reason,
  }
}

function listGrown(
  steps: readonly StepTime[],
  [first = '', second = '']: readonly string[],
): readonly (readonly [Finding, StepTime])[] {
  const grown = steps.map((step) => {
    const [base, own] = [step.lanes.get(first), step.lanes.get(second)]
    const [before, after] = [base?.selfMillis ?? 0, own?.selfMillis ?? 0]
    const often = [base?.spansPerTrace ?? 0, own?.spansPerTrace ?? 0]
    return { step, before, after, often, size: Math.abs(after - before) }
  })
  return grown
    .filter(({ size }) => size >= stepMillisMin)
    .sort((a, b) => b.size - a.size)
    .slice(0, stepsMax)
    .map(({ step, before, after, often: [countBefore, countAfter] }) => [
      {
        id: createFindingId('time', [second, step.label, step.depth]),
        about: step.label,
        kind: 'time',
        group: second,
        operations: [],
        sentence: `${step.label} takes ${renderMillis(after)} of its own on ${second} (${countAfter} spans), and ${renderMillis(before)} on ${first} (${countBefore} spans)`,
        reason: null,
      },
      step,
    ])
}
