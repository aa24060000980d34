import { readClockTrust } from '../../../comparison/clock-trust.ts'
import { renderDifference } from '../../../comparison/difference.ts'
import { compareTraces } from '../../../comparison/differences.ts'
import { exactMedian } from '../../../comparison/exact-quantile.ts'
import { renderLogRows, renderSteps } from '../../../comparison/report-steps.ts'
import { findServer, readTimeParts, type TimeParts } from '../../../comparison/time-parts.ts'
import type { TraceTree } from '../../../comparison/trace.ts'
import { traceHref } from '../state/address.ts'
import { readHeadline } from '../trace/headline.ts'
import { type ComparedLane, type ComparedOperation, shortenLine } from './compared-operation.ts'

/** A trace that was fetched to be compared. */
export type FetchedTrace = { readonly traceId: string; readonly tree: TraceTree }

/** Traces of one runtime; those of it that are not the example only add to the durations. */
export type LaneTraces = {
  readonly example: FetchedTrace
  readonly all: readonly FetchedTrace[]
}

/** Each trace a lane of its own. */
export function createSingleLanes(traces: readonly FetchedTrace[]): readonly LaneTraces[] {
  return traces.map((example) => ({ example, all: [example] }))
}

/** The traces of each runtime a lane, with the one of median duration as its example. */
export function createRuntimeLanes(
  groups: readonly (readonly FetchedTrace[])[],
): readonly LaneTraces[] {
  return groups.flatMap((all) => {
    const median = exactMedian(all.map(readServerMillis)) ?? 0
    const [example] = all.toSorted(
      (a, b) => Math.abs(readServerMillis(a) - median) - Math.abs(readServerMillis(b) - median),
    )
    return example === undefined ? [] : [{ example, all }]
  })
}

/**
 * Lays the examples over each other, the first as the reference.
 *
 * What is said of differences is of the examples; durations are of all.
 */
export function compareLanes(lanes: readonly LaneTraces[]): ComparedOperation {
  const names = nameLanes(lanes)
  const trees = new Map(lanes.map(({ example }, index) => [names[index] ?? '', example.tree]))
  const first = lanes[0]?.example.tree
  const operation = first === undefined ? '' : readHeadline(first).name
  const { steps, differences } = compareTraces(operation, trees)
  return {
    name: operation,
    lanes: lanes.map((lane, index) => describeLane(names[index] ?? '', lane)),
    steps: renderSteps(steps, trees, new Map()),
    logs: renderLogRows(steps, trees),
    differences: differences.map((difference) => {
      const { runtime, path, kind, subject } = difference
      const own = JSON.stringify(path)
      const step = steps.findIndex((candidate) => JSON.stringify(candidate.path) === own)
      return {
        lane: runtime,
        step: step === -1 ? null : step,
        kind,
        subject,
        text: shortenLine(renderDifference(difference), { operation, runtime, path }),
        reason: null,
      }
    }),
  }
}

/** The runtime's name; from its second trace on with a number. */
function nameLanes(lanes: readonly LaneTraces[]): readonly string[] {
  const counts = new Map<string, number>()
  return lanes.map(({ example }) => {
    const runtime = readHeadline(example.tree).runtime ?? 'unnamed'
    const count = (counts.get(runtime) ?? 0) + 1
    counts.set(runtime, count)
    return count === 1 ? runtime : `${runtime} #${count}`
  })
}

function describeLane(name: string, { example, all }: LaneTraces): ComparedLane {
  const server = findServer(example.tree.roots) ?? example.tree.roots[0]
  const clock = server === undefined ? 'unknown' : readClockTrust(server.resource.attributes)
  return {
    name,
    runtime: readHeadline(example.tree).runtime ?? 'unnamed',
    clock,
    durationClock: clock,
    traceHref: traceHref(example.traceId),
    durationsMillis: all.map(readServerMillis),
    time: meanParts(all),
    verdict: null,
  }
}

function readServerMillis({ tree }: FetchedTrace): number {
  return readHeadline(tree).millis
}

function meanParts(all: readonly FetchedTrace[]): ComparedLane['time'] {
  const found = all.flatMap((trace) => readTimeParts(trace.tree, readServerMillis(trace)) ?? [])
  if (found.length === 0) return null
  const mean = (read: (parts: TimeParts) => number) =>
    found.reduce((sum, { parts }) => sum + read(parts), 0) / found.length
  const parts: TimeParts = {
    network: 0,
    server: mean(({ server }) => server),
    wait: mean(({ wait }) => wait),
    connect: mean(({ connect }) => connect),
    database: mean(({ database }) => database),
  }
  return { parts, totalMillis: parts.server + parts.wait + parts.connect + parts.database }
}
