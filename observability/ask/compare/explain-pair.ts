import { readCriticalPath } from '../../comparison/latency/critical-path.ts'
import { renderMillis } from '../../comparison/trace/clock-trust.ts'
import { quote } from '../text/quote.ts'
import type { PairComparison } from './compare-pair.ts'
import type { Finding } from './finding.ts'

/** Evidence for what differs between two traces. */
export function explainPair(
  { trees, differences, steps }: PairComparison,
  finding: Finding,
): readonly string[] {
  const difference = differences.get(finding)
  if (difference !== undefined)
    return [
      `kind: ${difference.kind}, of ${quote(difference.subject)}, at ${difference.path.length === 0 ? 'the trace as a whole' : quote(difference.path.join(' > '), 300)}`,
      `first: ${difference.expected === null ? 'nothing' : quote(difference.expected, 300)}`,
      `second: ${difference.actual === null ? 'nothing' : quote(difference.actual, 300)}`,
    ]
  const step = steps.get(finding)
  if (step === undefined) return []
  return [...trees].flatMap(([name, tree]) => {
    const lane = step.lanes.get(name)
    const longest = lane?.occurrences[0]?.longest.span
    if (lane === undefined || longest === undefined) return [`${quote(name)}: takes no such step`]
    const waited = readCriticalPath(tree)
      .filter(({ node }) => node.span.name === longest.name)
      .reduce((sum, one) => sum + Number(one.endNanos - one.startNanos) / 1e6, 0)
    return [
      `${quote(name)}: ${renderMillis(lane.selfMillis)} of its own in ${lane.spansPerTrace} spans; the trace waited ${renderMillis(waited)} for spans of this name; the longest is span ${longest.spanId} of trace ${longest.traceId}`,
    ]
  })
}
