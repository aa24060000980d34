import { measureSteps, type StepTime } from '../../../comparison/latency/step-times.ts'
import type { TraceTree } from '../../../comparison/trace/trace-tree.ts'
import { nameSender } from '../../text/name-sender.ts'
import { readSpanMillis } from './span-nodes.ts'

/** Spans of one role under one parent, as a line of an outline. */
export type OutlineStep = {
  readonly name: string
  /** Whose it is, where that is not whose the step above is; `null` elsewhere, and at the top. */
  readonly sender: string | null
  readonly depth: number
  readonly spans: number
  /** Of the longest of them. */
  readonly longestSpanId: string
  readonly longestMillis: number
  /** Of all of them, that nothing below explains. */
  readonly selfMillis: number
}

/**
 * The steps of a trace from the top down, at most so many: those that take most, with all that they are part of.
 *
 * @returns How many steps were left out, too.
 */
export function outlineSteps(
  tree: TraceTree,
  stepsMax: number,
): { readonly steps: readonly OutlineStep[]; readonly leftOut: number } {
  const all = measureSteps(new Map([['', [tree]]]))
  const kept = choose(all, stepsMax)
  const steps = all.filter((step) => kept.has(step)).flatMap(describe)
  return { steps, leftOut: all.length - steps.length }
}

/** Longest first, because everything else is part of something longer. */
function choose(all: readonly StepTime[], stepsMax: number): ReadonlySet<StepTime> {
  const millis = (step: StepTime) => step.lanes.get('')?.totalMillis ?? 0
  const kept = new Set<StepTime>()
  for (const step of [...all].sort((a, b) => millis(b) - millis(a) || a.depth - b.depth)) {
    const above: StepTime[] = []
    for (let one: StepTime | null = step; one !== null && !kept.has(one); one = one.parent)
      above.push(one)
    if (kept.size + above.length > stepsMax) continue
    for (const one of above) kept.add(one)
  }
  return kept
}

function describe({ label, depth, lanes, parent }: StepTime): readonly OutlineStep[] {
  const [occurrence] = lanes.get('')?.occurrences ?? []
  if (occurrence === undefined) return []
  const { span, resource } = occurrence.longest
  const above = parent?.lanes.get('')?.occurrences[0]?.longest
  const sender = nameSender(resource)
  return [
    {
      name: label,
      sender: above === undefined || nameSender(above.resource) === sender ? null : sender,
      depth,
      spans: occurrence.spanCount,
      longestSpanId: span.spanId,
      longestMillis: readSpanMillis(span),
      selfMillis: occurrence.selfMillis,
    },
  ]
}
