import { judgeStepGrowth } from '../../comparison/latency/step-growth.ts'
import {
  type LaneStepTime,
  measureSteps,
  type StepTime,
} from '../../comparison/latency/step-times.ts'
import type { Report } from '../../comparison/report/report-schema.ts'
import { renderMillis } from '../../comparison/trace/clock-trust.ts'
import type { StoredRequest } from '../../driver/stored/group-requests.ts'
import { quote } from '../text/quote.ts'
import { renderTimeParts } from '../text/render-time-parts.ts'
import type { GroupComparison } from './compare-groups.ts'
import type { Finding } from './finding.ts'

const requestsMax = 500
const stepsMax = 6

/** Evidence for slower or faster: the parts of the time of both, and the steps whose own time changed most. */
export function explainTime(
  { report, groups, differences }: Pick<GroupComparison, 'report' | 'groups' | 'differences'>,
  { operations: [operation = ''], group }: Finding,
): readonly string[] {
  const { reference } = report
  const lanes = new Map(
    [reference, group].map((name) => [name, readTraces(groups.get(name), operation)]),
  )
  const steps = measureSteps(lanes)
  const counts = new Map([...lanes].map(([name, traces]) => [name, traces.length]))
  const grown = judgeStepGrowth(steps, counts)
  return [
    ...renderParts(report, operation, [reference, group]),
    'steps whose own time changed most, mean of all requests:',
    ...listChanged(steps, reference, group).flatMap((one) => [
      renderChange(one, [reference, group], grown),
      ...[...differences]
        .filter(([finding, [first]]) => finding.group === group && first?.path.at(-1) === one.label)
        .flatMap(([{ id, reason }]) => [
          `    see ${id}${reason === null ? '' : `, declared because ${quote(reason, 300)}`}`,
        ])
        .slice(0, 2),
    ]),
  ]
}

function readTraces(requests: readonly StoredRequest[] = [], operation: string) {
  return requests
    .filter((one) => one.operation === operation)
    .slice(-requestsMax)
    .map(({ trace }) => trace)
}

function renderParts(
  { operations }: Report,
  operation: string,
  names: readonly string[],
): readonly string[] {
  const found = operations.find(({ name }) => name === operation)
  return names.flatMap((name) => {
    const time = found?.runtimes.find(({ runtime }) => runtime === name)?.time ?? null
    if (time === null) return []
    return [
      `${quote(name)}: mean ${renderMillis(time.clientMillis)}: ${renderTimeParts(time.parts)} (clock ${time.clock})`,
    ]
  })
}

type Changed = {
  readonly label: string
  readonly base: LaneStepTime | undefined
  readonly own: LaneStepTime | undefined
}

function listChanged(steps: readonly StepTime[], reference: string, group: string) {
  const size = ({ base, own }: Changed) =>
    Math.abs((own?.selfMillis ?? 0) - (base?.selfMillis ?? 0))
  return steps
    .map(
      ({ label, lanes }): Changed => ({ label, base: lanes.get(reference), own: lanes.get(group) }),
    )
    .sort((a, b) => size(b) - size(a))
    .slice(0, stepsMax)
}

function renderChange(
  { label, base, own }: Changed,
  [reference = '', group = '']: readonly string[],
  grown: ReadonlyMap<LaneStepTime, number>,
): string {
  const isSure = own !== undefined && grown.has(own)
  const longest = own?.occurrences
    .map((one) => one.longest)
    .reduce((a, b) => (readNanos(b.span) > readNanos(a.span) ? b : a))
  const example =
    longest === undefined
      ? ''
      : `; longest in trace ${longest.span.traceId}, span ${longest.span.spanId}`
  return `  ${quote(label)}: ${renderLane(reference, base)}, ${renderLane(group, own)}${isSure ? ', beyond chance' : ''}${example}`
}

function renderLane(name: string, lane: LaneStepTime | undefined): string {
  if (lane === undefined) return `not on ${quote(name)}`
  const often = lane.spansPerTrace === 1 ? '' : ` in ${lane.spansPerTrace.toFixed(1)} spans`
  return `${renderMillis(lane.selfMillis)}${often} on ${quote(name)}`
}

function readNanos({ startNanos, endNanos }: { startNanos: bigint; endNanos: bigint }): bigint {
  return endNanos - startNanos
}
